package dev.notifier;

import java.time.Duration;
import java.util.Objects;

/**
 * How many attempts may be made in a period. What exceeds it waits; nothing is dropped.
 *
 * @param permits how many attempts a period allows, at least 1
 * @param period from 1 millisecond to 1 day
 */
public record RateLimit(int permits, Duration period) {
  /** Creates the limit. */
  public RateLimit {
    Objects.requireNonNull(period, "period");
    if (permits < 1) {
      throw new IllegalArgumentException("permits must be 1 or more, but was " + permits);
    }
    if (period.compareTo(Duration.ofMillis(1)) < 0 || period.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("period must be from 1 ms to 1 day, but was " + period);
    }
  }

  /** Returns a limit of so many attempts a second. */
  public static RateLimit perSecond(int permits) {
    return new RateLimit(permits, Duration.ofSeconds(1));
  }

  /** Returns a limit of so many attempts a minute. */
  public static RateLimit perMinute(int permits) {
    return new RateLimit(permits, Duration.ofMinutes(1));
  }
}
