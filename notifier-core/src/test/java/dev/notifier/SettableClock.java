package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to go on. Thread-safe. */
public final class SettableClock implements InstantSource {
  private volatile Instant now = Samples.NOON;

  @Override
  public Instant instant() {
    return now;
  }

  /** Sets the clock forward, or back by a negative duration. */
  public void advance(Duration duration) {
    now = now.plus(duration);
  }
}
