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

  ExpiringFifo(int maxEntries, Duration life, LongSupplier clockMillis) {
    this.maxEntries = maxEntries;
    this.lifeMillis = life.toMillis();
    this.clockMillis = clockMillis;
  }

  /** Adds the entry unless its key is there; returns the value that was there. */
  synchronized Optional<V> putIfAbsent(K key, V value) {
    evictExpired();
    Timed<V> present = entries.get(key);
    if (present != null) {
      return Optional.of(present.value());
    }
    entries.put(key, new Timed<>(value, clockMillis.getAsLong() + lifeMillis));
    if (entries.size() > maxEntries) {
      removeEldest();
    }
    return Optional.empty();
  }

  private void evictExpired() {
    long now = clockMillis.getAsLong();
    Iterator<Timed<V>> eldestFirst = entries.values().iterator();
    while (eldestFirst.hasNext() && eldestFirst.next().expiresAt() <= now) {
      eldestFirst.remove();
    }
  }

  private void removeEldest() {
    Iterator<Timed<V>> eldestFirst = entries.values().iterator();
    eldestFirst.next();
    eldestFirst.remove();
  }

  synchronized Optional<V> get(K key) {
    evictExpired();
    return Optional.ofNullable(entries.get(key)).map(Timed::value);
  }

  synchronized boolean remove(K key) {
    return entries.remove(key) != null;
  }

  /** Returns at most {@code limit} values, newest first. */
  synchronized List<V> newest(int limit) {
    evictExpired();
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
