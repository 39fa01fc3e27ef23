package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one attempt that was made.
 *
 * @param channel the channel that made it
 * @param number 1 for the first attempt on this channel
 * @param startedAt when it started
 * @param latency how long it took
 * @param result what it came to: class, reason, the provider's message id
 * @param nextAttempt when the delivery was to be tried again, if it was
 */
public record AttemptReport(
    ChannelId channel,
    int number,
    Instant startedAt,
    Duration latency,
    DeliveryResult result,
    Optional<Instant> nextAttempt) {}
