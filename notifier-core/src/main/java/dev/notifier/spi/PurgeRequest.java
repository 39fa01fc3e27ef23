package dev.notifier.spi;

import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a store is to forget. A notification goes as a whole, when each of its deliveries was
 * settled before the time and its state as a whole is one of these.
 *
 * @param settledBefore the time before which each delivery must have been settled
 * @param statuses the settled states of which {@link dev.notifier.NotificationReport#status()} must
 *     be one; not empty
 * @param after where the last step ended; empty for the first one
 */
public record PurgeRequest(
    Instant settledBefore, Set<DeliveryStatus> statuses, Optional<DeliveryId> after) {
  /**
   * Creates the request.
   *
   * @throws IllegalArgumentException if there is no state, or one that is not settled
   */
  public PurgeRequest {
    Objects.requireNonNull(settledBefore, "settledBefore");
    Objects.requireNonNull(after, "after");
    statuses = Set.copyOf(statuses);
    if (statuses.isEmpty()) {
      throw new IllegalArgumentException("a purge must name a state");
    }
    statuses.forEach(PurgeRequest::checkSettled);
  }

  private static void checkSettled(DeliveryStatus status) {
    if (!status.isSettled()) {
      throw new IllegalArgumentException(
          "only what is settled can be purged, but " + status + " is not: cancel it first");
    }
  }

  /** Returns this request for the step that follows. */
  public PurgeRequest goingOn(DeliveryId after) {
    return new PurgeRequest(settledBefore, statuses, Optional.of(after));
  }
}
