package dev.notifier;

import java.util.Map;

/**
 * How far a batch is: a snapshot.
 *
 * @param accepted how many items were accepted
 * @param duplicates how many repeat an earlier notification
 * @param refused how many were refused
 * @param pending how many deliveries are not settled; an item has one, or one per leg of a fan-out
 * @param settled how many deliveries this process has settled, by status
 * @param complete whether every item was read and every delivery is settled
 * @param problem why it ended before its last item; empty if it did not
 */
public record BatchProgress(
    long accepted,
    long duplicates,
    long refused,
    long pending,
    Map<DeliveryStatus, Long> settled,
    boolean complete,
    String problem) {
  /** Creates a snapshot with a copy of the map. */
  public BatchProgress {
    settled = Map.copyOf(settled);
  }

  /** Returns how many deliveries ended with this status. */
  public long count(DeliveryStatus status) {
    return settled.getOrDefault(status, 0L);
  }
}
