package dev.notifier.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that stands still until it is told to move. Thread-safe. */
public final class SettableClock implements InstantSource {
  /** Where a clock starts for which nothing else is said: noon of the first day of 2025, UTC. */
  public static final Instant START = Instant.parse("2025-01-01T12:00:00Z");

  private volatile Instant now; // Written under this.

  /** Creates a clock that stands at {@link #START}. */
  public SettableClock() {
    this(START);
  }

  /** Creates a clock that stands at this instant. */
  public SettableClock(Instant start) {
    now = Objects.requireNonNull(start, "start");
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Sets the clock, forwards or back: a computer's clock may be set back, too. */
  public synchronized void set(Instant instant) {
    now = Objects.requireNonNull(instant, "instant");
  }

  /**
   * Moves the clock forward.
   *
   * @throws IllegalArgumentException if {@code time} is negative
   */
  public synchronized void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException(
          "time must not be negative, but was " + time + "; call set(...) to go back");
    }
    now = now.plus(time);
  }

  /** Moves the clock to this instant, unless it is there or beyond already. */
  synchronized void advanceTo(Instant instant) {
    if (now.isBefore(instant)) {
      now = instant;
    }
  }

  /** Returns the time that the clock shows. */
  @Override
  public String toString() {
    return "SettableClock[" + now + "]";
  }
}
