package dev.notifier;

import java.time.Instant;
import java.util.Objects;

/**
 * An address to which nothing may be sent, and why.
 *
 * @param address the address, on one channel
 * @param reason why, in words for an operator
 * @param since when it was suppressed
 */
public record Suppression(Address address, String reason, Instant since) {
  /** Creates the suppression. */
  public Suppression {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(since, "since");
  }
}
