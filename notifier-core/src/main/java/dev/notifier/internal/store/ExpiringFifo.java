package dev.notifier.internal.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * A map bounded by count and age, whose oldest entry goes first.
 *
 * <p>A cache would keep what is read often; history and idempotency must keep what is new. All
 * entries live equally long, so that the insertion order is the order of expiry. Thread-safe.
 */
final class ExpiringFifo<K, V> {
  private record Timed<V>(V value, long expiresAt) {}

  private final Map<K, Timed<V>> entries = new LinkedHashMap<>(); // Guarded by this.
  private final int maxEntries;
  private final long lifeMillis;
  private final LongSupplier clockMillis;
  private volatile boolean isEmpty = true; // Written under this; may be late to say yes.

  /** Creates an empty map. */
  ExpiringFifo(int maxEntries, Duration life, LongSupplier clockMillis) {
    this.maxEntries = maxEntries;
    this.lifeMillis = life.toMillis();
    this.clockMillis = clockMillis;
  }

  /** Adds the entry unless its key is there; returns the value that was there. */
  synchronized Optional<V> putIfAbsent(K key, V value) {
    long now = clockMillis.getAsLong();
    evictExpired(now);
    Timed<V> present = entries.putIfAbsent(key, new Timed<>(value, now + lifeMillis));
    if (present != null) {
      return Optional.of(present.value());
    }
    if (entries.size() > maxEntries) {
      removeEldest();
    }
    if (isEmpty) {
      isEmpty = false;
    }
    return Optional.empty();
  }

  private void evictExpired(long now) {
    while (!entries.isEmpty() && entries.values().iterator().next().expiresAt() <= now) {
      removeEldest();
    }
  }

  private void removeEldest() {
    Iterator<Timed<V>> eldestFirst = entries.values().iterator();
    eldestFirst.next();
    eldestFirst.remove();
  }

  /** Returns the value of the key. Every delivery asks, and most maps are empty: no lock then. */
  Optional<V> get(K key) {
    return isEmpty ? Optional.empty() : find(key);
  }

  private synchronized Optional<V> find(K key) {
    Timed<V> found = entries.get(key);
    return found == null || found.expiresAt() <= clockMillis.getAsLong()
        ? Optional.empty()
        : Optional.of(found.value());
  }

  synchronized boolean remove(K key) {
    Timed<V> removed = entries.remove(key);
    isEmpty = entries.isEmpty();
    return removed != null;
  }

  /** Returns at most {@code limit} values, newest first. */
  synchronized List<V> newest(int limit) {
    evictExpired(clockMillis.getAsLong());
    List<V> newest = new ArrayList<>();
    int skipped = Math.max(0, entries.size() - limit);
    for (Timed<V> entry : entries.values()) {
      if (skipped-- <= 0) {
        newest.add(entry.value());
      }
    }
    Collections.reverse(newest);
    return newest;
  }
}
