package dev.notifier.spi;

import dev.notifier.DeliveryId;
import java.util.Objects;
import java.util.Optional;

/**
 * What a step of a purge did.
 *
 * @param forgotten how many notifications are forgotten, perhaps none although more follow
 * @param next where to go on; empty at the end
 */
public record PurgeStep(int forgotten, Optional<DeliveryId> next) {
  /** Creates the step. */
  public PurgeStep {
    Objects.requireNonNull(next, "next");
  }
}
