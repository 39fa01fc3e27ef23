package dev.notifier;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How often, and after how long, a failed attempt on a channel is made again. Immutable.
 *
 * <p>Each wait is spread by a jitter of ±20 % unless set otherwise. A provider's own Retry-After is
 * a lower bound, of which at most an hour is believed unless set otherwise.
 */
public final class RetryPolicy {
  /** Waits beyond this make no sense for a message; longer ones are refused. */
  private static final Duration LONGEST = Duration.ofDays(30);

  private static final int MOST_RETRIES = 100;
  private static final double DEFAULT_JITTER = 0.2;
  private static final Duration DEFAULT_RETRY_AFTER_CAP = Duration.ofHours(1);

  private final List<Duration> delays;
  private final double jitter;
  private final Duration retryAfterCap;

  private RetryPolicy(List<Duration> delays, double jitter, Duration retryAfterCap) {
    this.delays = delays;
    this.jitter = jitter;
    this.retryAfterCap = retryAfterCap;
  }

  /** Returns the policy that never retries. */
  public static RetryPolicy none() {
    return new RetryPolicy(List.of(), DEFAULT_JITTER, DEFAULT_RETRY_AFTER_CAP);
  }

  /**
   * Returns a policy that retries once after each of these waits, each counted from the failure
   * before it.
   *
   * @throws IllegalArgumentException if a wait is negative or over 30 days, or there are over 100
   */
  public static RetryPolicy delays(Duration... delays) {
    for (Duration delay : Objects.requireNonNull(delays, "delays")) {
      checkDelay("delay", delay);
    }
    checkRetries(delays.length);
    return new RetryPolicy(List.of(delays), DEFAULT_JITTER, DEFAULT_RETRY_AFTER_CAP);
  }

  /** Returns a policy with waits in whole seconds; see {@link #delays}. */
  public static RetryPolicy seconds(long... seconds) {
    Objects.requireNonNull(seconds, "seconds");
    Duration[] delays = new Duration[seconds.length];
    for (int i = 0; i < seconds.length; i++) {
      delays[i] = Duration.ofSeconds(seconds[i]);
    }
    return delays(delays);
  }

  /**
   * Returns a policy whose waits grow: {@code base}, {@code base × factor}, {@code base × factor²}
   * and so on, each at most {@code max}. It retries 5 times.
   *
   * @throws IllegalArgumentException if {@code base} is below 1 millisecond, {@code factor} is
   *     below 1 or over 1,000, or {@code max} is below {@code base} or over 30 days
   */
  public static RetryPolicy exponential(Duration base, double factor, Duration max) {
    return exponential(base, factor, max, 5);
  }

  /** Returns an {@link #exponential(Duration, double, Duration)} policy with this many retries. */
  public static RetryPolicy exponential(Duration base, double factor, Duration max, int retries) {
    checkDelay("base", base);
    checkDelay("max", max);
    checkRetries(retries);
    if (base.compareTo(Duration.ofMillis(1)) < 0 || max.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "base must be from 1 ms to max, but base was " + base + " and max " + max);
    }
    if (!(factor >= 1 && factor <= 1000)) {
      throw new IllegalArgumentException("factor must be from 1 to 1000, but was " + factor);
    }
    List<Duration> delays = new ArrayList<>();
    double millis = base.toMillis();
    for (int i = 0; i < retries; i++) {
      delays.add(Duration.ofMillis((long) Math.min(millis, (double) max.toMillis())));
      millis *= factor;
    }
    return new RetryPolicy(List.copyOf(delays), DEFAULT_JITTER, DEFAULT_RETRY_AFTER_CAP);
  }

  private static void checkDelay(String what, Duration delay) {
    Objects.requireNonNull(delay, what);
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          what + " must be from zero to " + LONGEST.toDays() + " days, but was " + delay);
    }
  }

  private static void checkRetries(int retries) {
    if (retries < 0 || retries > MOST_RETRIES) {
      throw new IllegalArgumentException(
          "retries must be from 0 to " + MOST_RETRIES + ", but was " + retries);
    }
  }

  /**
   * Returns this policy with each wait spread at random over ± this fraction of it.
   *
   * @throws IllegalArgumentException if {@code fraction} is not from 0 (no jitter) to 1
   */
  public RetryPolicy withJitter(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("jitter must be from 0 to 1, but was " + fraction);
    }
    return new RetryPolicy(delays, fraction, retryAfterCap);
  }

  /**
   * Returns this policy believing at most this much of a provider's Retry-After.
   *
   * @throws IllegalArgumentException if {@code cap} is negative or over 30 days
   */
  public RetryPolicy withRetryAfterCap(Duration cap) {
    checkDelay("Retry-After cap", cap);
    return new RetryPolicy(delays, jitter, cap);
  }

  /** Returns the waits before jitter, one per retry. */
  public List<Duration> delays() {
    return delays;
  }

  /** Returns the fraction of a wait by which it is spread. */
  public double jitter() {
    return jitter;
  }

  /**
   * Returns how long to wait after a failed attempt, or nothing when the retries are used up.
   *
   * @param failedAttempt the number of the attempt that failed, from 1
   * @param retryAfter the least wait that the provider asked for; zero if it asked for none
   * @param random a number from 0 to 1 that decides the jitter: 0.5 stands for none
   * @throws IllegalArgumentException if {@code failedAttempt} is below 1
   */
  public Optional<Duration> delayAfter(int failedAttempt, Duration retryAfter, double random) {
    Objects.requireNonNull(retryAfter, "retryAfter");
    if (failedAttempt < 1) {
      throw new IllegalArgumentException(
          "failed attempt must be 1 or more, but was " + failedAttempt);
    }
    if (failedAttempt > delays.size()) {
      return Optional.empty();
    }
    Duration delay = delays.get(failedAttempt - 1);
    long spread = Math.round(delay.toMillis() * jitter * (2 * random - 1));
    Duration asked = retryAfter.compareTo(retryAfterCap) < 0 ? retryAfter : retryAfterCap;
    Duration jittered = delay.plusMillis(spread);
    return Optional.of(jittered.compareTo(asked) < 0 ? asked : jittered);
  }

  @Override
  public String toString() {
    return "RetryPolicy[delays=" + delays + ", jitter=" + jitter + "]";
  }
}
