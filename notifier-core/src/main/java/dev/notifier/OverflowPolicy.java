package dev.notifier;

import java.time.Duration;
import java.util.Objects;

/**
 * What {@code send} does when a channel's lane is full. A CRITICAL notification always gets in.
 *
 * @param action what to do
 * @param timeout how long BLOCK waits; zero for the other actions
 */
public record OverflowPolicy(Action action, Duration timeout) {
  /** What to do with a notification for which there is no room. */
  public enum Action {
    /** The caller waits for room; if none comes in time, the notification is refused. */
    BLOCK,
    /** The notification is refused at once. */
    REJECT,
    /**
     * The least important waiting delivery gives way and becomes a dead letter, unless the new one
     * is no more important: then it is refused.
     */
    DROP_LEAST_IMPORTANT
  }

  /** Creates the policy. */
  public OverflowPolicy {
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isNegative() || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "overflow timeout must be from zero to 1 day, but was " + timeout);
    }
    if (action != Action.BLOCK && !timeout.isZero()) {
      throw new IllegalArgumentException(
          action + " does not wait: its timeout must be zero, but was " + timeout);
    }
  }

  /** Waits at most this long for room, then refuses. */
  public static OverflowPolicy block(Duration timeout) {
    return new OverflowPolicy(Action.BLOCK, timeout);
  }

  /** Refuses at once. */
  public static OverflowPolicy reject() {
    return new OverflowPolicy(Action.REJECT, Duration.ZERO);
  }

  /** Drops the least important waiting delivery. */
  public static OverflowPolicy dropLeastImportant() {
    return new OverflowPolicy(Action.DROP_LEAST_IMPORTANT, Duration.ZERO);
  }
}
