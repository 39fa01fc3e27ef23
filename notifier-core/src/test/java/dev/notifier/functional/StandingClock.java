package dev.notifier.functional;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. */
final class StandingClock implements InstantSource {
  static final Instant START = Instant.parse("2025-01-01T12:00:00Z");

  private volatile Instant now = START;

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration time) {
    now = now.plus(time);
  }

  void set(Instant time) {
    now = time;
  }

  /** Returns the time since the clock was made. */
  Duration elapsed() {
    return Duration.between(START, now);
  }
}
