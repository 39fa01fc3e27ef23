package dev.notifier.store.jdbc;

import dev.notifier.spi.QueuedDelivery;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as the queue table takes it.
 *
 * @param key its key
 * @param delivery the delivery
 * @param recipient the hash of its recipient's key
 * @param correlation the hash of its correlation id, if it has one
 * @param envelope everything but what it says, as it is stored
 * @param content what it says, as it is stored; null if it is in the body table
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record QueueRow(
    byte[] key,
    QueuedDelivery delivery,
    long recipient,
    @Nullable Long correlation,
    byte[] envelope,
    byte @Nullable [] content) {
  /** Returns how many bytes it takes, roughly. */
  int size() {
    return 100 + envelope.length + (content == null ? 0 : content.length);
  }
}
