package dev.notifier.internal.engine;

import dev.notifier.NotificationId;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes version 7 UUIDs that rise even within a millisecond: the 12 bits after the time are a
 * counter that carries over into the time (RFC 9562, 6.2, method 1). Thread-safe.
 */
final class NotificationIds {
  private static final int COUNTER_BITS = 12;

  private final AtomicLong last = new AtomicLong();

  NotificationId next(Instant now) {
    return next(now, ThreadLocalRandom.current().nextLong() >>> 2 | 0x8000_0000_0000_0000L);
  }

  /** Returns an id whose second half is that of its batch. */
  NotificationId next(Instant now, long group) {
    long earliest = now.toEpochMilli() << COUNTER_BITS;
    long stamp = last.updateAndGet(previous -> Math.max(previous + 1, earliest));
    long time = stamp >>> COUNTER_BITS;
    long counter = stamp & ((1L << COUNTER_BITS) - 1);
    return new NotificationId(new UUID(time << 16 | 0x7000 | counter, group));
  }
}
