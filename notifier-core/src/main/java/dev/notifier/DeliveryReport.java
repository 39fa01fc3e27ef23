package dev.notifier;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one delivery.
 *
 * @param id the delivery
 * @param channel the channel that has it now, or had it last
 * @param status where it stands
 * @param reason why it stands there, in words for an operator; empty while nothing has happened
 * @param nextAttempt when it is next due, while it waits
 * @param attempts every attempt so far, oldest first
 */
public record DeliveryReport(
    DeliveryId id,
    ChannelId channel,
    DeliveryStatus status,
    String reason,
    Optional<Instant> nextAttempt,
    List<AttemptReport> attempts) {
  /** Creates the report with a copy of the list. */
  public DeliveryReport {
    attempts = List.copyOf(attempts);
  }
}
