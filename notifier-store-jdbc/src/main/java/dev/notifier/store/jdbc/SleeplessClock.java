package dev.notifier.store.jdbc;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A clock in nanoseconds that only goes forward, and also while the machine sleeps: the monotonic
 * clock of Linux stands still then, while the lease runs out on the database's. So it goes as fast
 * as the faster of the monotonic and the wall clock. Thread-safe.
 */
final class SleeplessClock implements LongSupplier {
  private final LongSupplier monotonic;
  private final InstantSource wall;
  private final AtomicLong ahead = new AtomicLong(Long.MIN_VALUE);

  SleeplessClock(LongSupplier monotonic, InstantSource wall) {
    this.monotonic = monotonic;
    this.wall = wall;
  }

  @Override
  public long getAsLong() {
    long now = monotonic.getAsLong();
    long difference = TimeUnit.MILLISECONDS.toNanos(wall.millis()) - now;
    return now + ahead.accumulateAndGet(difference, Math::max);
  }
}
