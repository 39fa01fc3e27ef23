package dev.notifier.channel.telegram;

import dev.notifier.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * The times of the last messages to one group, in a ring. Unlike a limiter that only says no, it
 * knows when the next one may go. Thread-safe.
 */
final class RecentSends {
  private final Duration period;

  // Guarded by this.
  private final long[] times;
  private int oldest;

  RecentSends(RateLimit limit) {
    this.period = limit.period();
    this.times = new long[limit.permits()];
    Arrays.fill(times, Long.MIN_VALUE);
  }

  /** Takes a permit, or returns when there will be one. */
  synchronized Optional<Instant> tryAcquire(Instant now) {
    long millis = now.toEpochMilli();
    if (isRecent(times[oldest], millis)) {
      return Optional.of(Instant.ofEpochMilli(times[oldest]).plus(period));
    }
    times[oldest] = millis;
    oldest = (oldest + 1) % times.length;
    return Optional.empty();
  }

  /** A time that is still to come was noted before the clock was set back, and tells nothing. */
  private boolean isRecent(long time, long now) {
    return time != Long.MIN_VALUE && time <= now && now - time < period.toMillis();
  }
}
