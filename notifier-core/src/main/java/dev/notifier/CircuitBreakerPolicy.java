package dev.notifier;

import java.time.Duration;
import java.util.Objects;

/**
 * When a circuit breaker opens, and for how long. While it is open no attempt is made: a delivery
 * falls back at once where its route goes on, and waits otherwise. After that one attempt decides
 * whether it closes.
 *
 * @param failures how many transient or ambiguous failures open it, from 1 to 10,000
 * @param window among how many attempts in a row, from {@code failures} to 10,000
 * @param openFor how long it stays open, from 1 millisecond to 1 day
 */
public record CircuitBreakerPolicy(int failures, int window, Duration openFor) {
  /** Creates the policy. */
  public CircuitBreakerPolicy {
    Objects.requireNonNull(openFor, "openFor");
    if (failures < 1 || failures > 10_000) {
      throw new IllegalArgumentException("failures must be from 1 to 10000, but was " + failures);
    }
    if (window < failures || window > 10_000) {
      throw new IllegalArgumentException(
          "window must be from the number of failures, "
              + failures
              + ", to 10000, but was "
              + window);
    }
    if (openFor.compareTo(Duration.ofMillis(1)) < 0 || openFor.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("openFor must be from 1 ms to 1 day, but was " + openFor);
    }
  }

  /** Returns a policy that opens after so many failures in a row. */
  public static CircuitBreakerPolicy consecutive(int failures, Duration openFor) {
    return new CircuitBreakerPolicy(failures, failures, openFor);
  }

  /** Returns a policy that opens when so many of the last {@code window} attempts failed. */
  public static CircuitBreakerPolicy outOf(int failures, int window, Duration openFor) {
    return new CircuitBreakerPolicy(failures, window, openFor);
  }
}
