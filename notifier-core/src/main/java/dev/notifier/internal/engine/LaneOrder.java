package dev.notifier.internal.engine;

import dev.notifier.Priority;

/**
 * Packs the order of a lane into one long: CRITICAL first, then the due time with the offset of its
 * class, then arrival.
 *
 * <p>From the top: the sign bit (set for CRITICAL, so that its keys are the least), 39 bits of
 * milliseconds since 30 days before the lane was made (17 years), 24 bits of arrival. Entries of
 * one class and one millisecond leave in the order of arrival, as long as no more than 16 million
 * others arrive between two of them.
 */
final class LaneOrder {
  /** How many classes there are, each with keys that rise by due time and arrival. */
  static final int CLASSES = 4;

  private static final int ARRIVAL_BITS = 24;
  private static final long ARRIVAL_MASK = (1L << ARRIVAL_BITS) - 1;
  private static final long MAX_MILLIS = (1L << (63 - ARRIVAL_BITS)) - 1;
  private static final long THIRTY_DAYS = 30L * 24 * 60 * 60 * 1000;

  private final long base;
  private final Tally arrivals = new Tally(); // 0 comes before all

  LaneOrder(long nowMillis) {
    this.base = nowMillis - THIRTY_DAYS;
  }

  /**
   * Returns the key of an entry that goes before those of its class that are due with it. Needs no
   * guard.
   */
  long rank(Priority priority, long dueMillis) {
    long key = pack(dueMillis + offsetMillis(priority));
    return priority == Priority.CRITICAL ? key | Long.MIN_VALUE : key;
  }

  /** Returns the key of an entry of that rank which arrives now. */
  long arrive(long rank) {
    return rank | nextArrival();
  }

  /** Returns the key of an entry among those that wait for their time. */
  long delayKey(long dueMillis) {
    return pack(dueMillis) | nextArrival();
  }

  /** Returns the due time of a delay key. */
  long dueMillis(long delayKey) {
    return (delayKey >> ARRIVAL_BITS) + base;
  }

  private long nextArrival() {
    arrivals.add(1);
    return arrivals.get() & ARRIVAL_MASK;
  }

  private long pack(long millis) {
    long sinceBase = Math.min(Math.max(millis - base, 0), MAX_MILLIS);
    return sinceBase << ARRIVAL_BITS;
  }

  /** Returns the number of a class. */
  static int classOf(Priority priority) {
    return switch (priority) {
      case CRITICAL -> 0;
      case HIGH -> 1;
      case NORMAL -> 2;
      case LOW -> 3;
    };
  }

  private static long offsetMillis(Priority priority) {
    return switch (priority) {
      case CRITICAL, NORMAL -> 0;
      case HIGH -> -60_000;
      case LOW -> 300_000;
    };
  }
}
