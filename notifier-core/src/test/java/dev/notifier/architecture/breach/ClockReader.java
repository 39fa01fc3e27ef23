package dev.notifier.architecture.breach;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/** Breaks "only the builder reads the wall clock", and the rule of the nanoseconds. */
final class ClockReader {
  Instant now() {
    return Instant.now();
  }

  long millis() {
    return System.currentTimeMillis();
  }

  InstantSource source() {
    return InstantSource.system();
  }

  Clock clock() {
    return Clock.systemUTC();
  }

  long nanos() {
    return System.nanoTime();
  }
}
