package dev.notifier.internal.engine;

import dev.notifier.spi.QueuedDelivery;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The part of a lane that senders touch without its lock: they take room and leave what they bring
 * on a stack, which whoever holds the lock takes in as a whole before it looks at anything else.
 *
 * <p>Thread-safe.
 */
final class LaneEntrance {
  /** Something that was brought. {@code next} came before it, or after once it is taken in. */
  static final class Arrival {
    final long rank;
    final QueuedDelivery delivery;
    @Nullable Arrival next;
    private int height; // of the stack with it

    Arrival(long rank, QueuedDelivery delivery) {
      this.rank = rank;
      this.delivery = delivery;
    }
  }

  /** Each of the two alone in the middle of an array, for the reason that {@link Tally} gives. */
  private static final int SLOT = 2 * Tally.APART; // references are half as long

  /** A waiting arrival takes more memory than an entry of the queue; no more than this wait. */
  private static final int MANY = 256;

  private final AtomicReferenceArray<@Nullable Arrival> newest =
      new AtomicReferenceArray<>(2 * SLOT + 1);
  private final AtomicLongArray entered = new AtomicLongArray(2 * SLOT + 1);
  private volatile long limit;
  private volatile boolean workerWanted;

  /** Returns how many ever took room. */
  long entered() {
    return entered.get(SLOT);
  }

  /** Takes room for one, unless that needs a look at how many have left since. */
  boolean tryEnter() {
    long before = entered.get(SLOT);
    while (before < limit) {
      long seen = entered.compareAndExchange(SLOT, before, before + 1);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
    return false;
  }

  /** Takes room for one, above the capacity if need be. */
  void enter() {
    entered.incrementAndGet(SLOT);
  }

  /** Lets so many enter, counted from the first one ever. */
  void admitUpTo(long limit) {
    this.limit = limit;
  }

  /**
   * Leaves a delivery. If this returns true, the caller must see to it that arrivals are taken in,
   * and wake a worker.
   */
  boolean bring(long rank, QueuedDelivery delivery) {
    Arrival arrival = new Arrival(rank, delivery);
    Arrival before = newest.get(SLOT);
    while (true) {
      arrival.next = before;
      arrival.height = before == null ? 1 : before.height + 1;
      Arrival seen = newest.compareAndExchange(SLOT, before, arrival);
      if (seen == before) {
        // Written before it is read here, and read after it was written by a worker that goes to
        // sleep: one of the two sees the other.
        return workerWanted || arrival.height % MANY == 0;
      }
      before = seen;
    }
  }

  /** Says whether a worker sleeps that nobody has woken yet. */
  void workerWanted(boolean wanted) {
    workerWanted = wanted;
  }

  boolean hasArrivals() {
    return newest.get(SLOT) != null;
  }

  /** Takes in all that was brought; returns the first, which leads to the others. */
  @Nullable Arrival takeArrivals() {
    Arrival rest = newest.getAndSet(SLOT, null);
    Arrival first = null;
    while (rest != null) {
      Arrival earlier = rest.next;
      rest.next = first;
      first = rest;
      rest = earlier;
    }
    return first;
  }
}
