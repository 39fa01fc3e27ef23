package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What this node holds. Thread-safe. */
final class OwnedDeliveries {
  private final Map<DeliveryId, OwnedDelivery> deliveries = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Stray> strays = new ConcurrentLinkedQueue<>();
  private final LongAdder lost = new LongAdder();

  /** A row that may lie under this node's name although nobody here has it. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Stray(byte[] key, long node) {}

  void add(OwnedDelivery delivery) {
    deliveries.put(delivery.newest().id(), delivery);
  }

  @Nullable OwnedDelivery get(DeliveryId id) {
    return deliveries.get(id);
  }

  /** Returns the ids of what this node holds of a batch. */
  List<DeliveryId> ofBatch(long group) {
    return deliveries.keySet().stream()
        .filter(id -> id.notification().value().getLeastSignificantBits() == group)
        .toList();
  }

  /** Forgets a delivery; false if somebody else has, who then sees to what is left of it. */
  boolean remove(OwnedDelivery delivery) {
    return deliveries.remove(delivery.newest().id(), delivery);
  }

  /** Forgets a delivery that the database says is another's: a normal outcome, which is counted. */
  void lose(OwnedDelivery delivery) {
    lost.increment();
    remove(delivery);
  }

  /** Returns how many deliveries turned out to be another's. */
  long lost() {
    return lost.sum();
  }

  int size() {
    return deliveries.size();
  }

  /** Drops what an incarnation that has ended held; what it was doing ends without effect. */
  void dropAllOf(long node) {
    List<OwnedDelivery> dropped =
        deliveries.values().stream()
            .filter(delivery -> delivery.node() == node && remove(delivery))
            .toList();
    addStrays(dropped.stream().map(OwnedDelivery::key).toList(), node);
  }

  void addStrays(Collection<byte[]> keys, long node) {
    if (node != 0) {
      keys.forEach(key -> strays.add(new Stray(key, node)));
    }
  }

  /** Takes some strays, all of one incarnation. */
  List<Stray> takeStrays(int limit) {
    List<Stray> taken = new ArrayList<>();
    for (Stray next = strays.peek();
        next != null && taken.size() < limit && sameNode(taken, next);
        next = strays.peek()) {
      taken.add(strays.poll());
    }
    return taken;
  }

  private static boolean sameNode(List<Stray> taken, Stray next) {
    return taken.isEmpty() || taken.get(0).node() == next.node();
  }
}
