package dev.notifier.internal.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Which settled notifications are remembered: bounded by count, age and size, and the oldest goes
 * first. Thread-safe.
 */
final class History {
  private final Deque<TrackedNotification> entries = new ArrayDeque<>(); // Guarded by this.
  private final int maxEntries;
  private final long maxBytes;
  private final long lifeMillis;
  private final int together;
  private final Consumer<List<TrackedNotification>> forgetting;
  private long bytes; // Guarded by this.

  /**
   * Creates an empty history; the newest entry stays even if it has more bytes alone.
   *
   * @param maxEntries so many stay; at times there are a hundredth more
   * @param forgetting is told what goes for a newer one; not under a lock
   */
  History(
      int maxEntries,
      long maxBytes,
      Duration life,
      Consumer<List<TrackedNotification>> forgetting) {
    this.maxEntries = maxEntries;
    this.maxBytes = maxBytes;
    this.lifeMillis = life.toMillis();
    this.together = 1 + maxEntries / 100;
    this.forgetting = forgetting;
  }

  /** Adds what was settled now. */
  void add(TrackedNotification settled, long nowMillis) {
    settled.forgetAt(nowMillis + lifeMillis);
    long more = settled.contentBytes();
    List<TrackedNotification> surplus;
    synchronized (this) {
      entries.addLast(settled);
      bytes += more;
      if (!hasSurplus(nowMillis)) {
        return;
      }
      surplus = removeSurplus(nowMillis);
    }
    forgetting.accept(surplus);
  }

  /** Many at a time: to forget them one by one costs twice as much. */
  private List<TrackedNotification> removeSurplus(long nowMillis) {
    int count = isFull() ? together : 0;
    List<TrackedNotification> removed = new ArrayList<>(count);
    while (removed.size() < count || hasSurplus(nowMillis)) {
      removed.add(removeEldest());
    }
    return removed;
  }

  private boolean isFull() {
    return entries.size() >= maxEntries + together;
  }

  private boolean hasSurplus(long nowMillis) {
    return isFull()
        || (bytes > maxBytes && entries.size() > 1)
        || (!entries.isEmpty() && entries.getFirst().isForgotten(nowMillis));
  }

  private TrackedNotification removeEldest() {
    TrackedNotification eldest = entries.removeFirst();
    bytes -= eldest.contentBytes();
    return eldest;
  }

  /** Removes what was settled before this time and is chosen; returns it. */
  synchronized List<TrackedNotification> remove(
      long settledBefore, Predicate<TrackedNotification> chosen) {
    Set<TrackedNotification> removed = Collections.newSetFromMap(new IdentityHashMap<>());
    for (TrackedNotification entry : entries) {
      if (entry.forgetAt() - lifeMillis < settledBefore && chosen.test(entry)) {
        removed.add(entry);
        bytes -= entry.contentBytes();
      }
    }
    entries.removeIf(removed::contains);
    return List.copyOf(removed);
  }

  /** Returns at most {@code limit} notifications, newest first. */
  synchronized List<TrackedNotification> newest(int limit, long nowMillis) {
    List<TrackedNotification> newest = new ArrayList<>();
    Iterator<TrackedNotification> newestFirst = entries.descendingIterator();
    while (newestFirst.hasNext() && newest.size() < limit) {
      TrackedNotification next = newestFirst.next();
      if (!next.isForgotten(nowMillis)) {
        newest.add(next);
      }
    }
    return newest;
  }
}
