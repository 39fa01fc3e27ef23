package dev.notifier.store.jdbc;

import dev.notifier.spi.QueuedDelivery;
import org.jspecify.annotations.Nullable;

/** A delivery as the queue table takes it. Used by one thread at a time. */
final class QueueRow {
  private final byte[] key;
  private final QueuedDelivery delivery;
  private final long recipient;
  private final @Nullable Long correlation;
  private final byte[] envelope;
  private final byte @Nullable [] content;
  private long place = Places.UNKNOWN;

  /**
   * Creates it.
   *
   * @param key its key
   * @param delivery the delivery
   * @param recipient the hash of its recipient's key
   * @param correlation the hash of its correlation id, if it has one
   * @param envelope everything but what it says, as it is stored
   * @param content what it says, as it is stored; null if it is in the body table
   */
  QueueRow(
      byte[] key,
      QueuedDelivery delivery,
      long recipient,
      @Nullable Long correlation,
      byte[] envelope,
      byte @Nullable [] content) {
    this.key = key;
    this.delivery = delivery;
    this.recipient = recipient;
    this.correlation = correlation;
    this.envelope = envelope;
    this.content = content;
  }

  byte[] key() {
    return key;
  }

  QueuedDelivery delivery() {
    return delivery;
  }

  long recipient() {
    return recipient;
  }

  @Nullable Long correlation() {
    return correlation;
  }

  byte[] envelope() {
    return envelope;
  }

  byte @Nullable [] content() {
    return content;
  }

  /** Says where it was inserted, where the database has {@link Places}. */
  void insertedAt(long newPlace) {
    place = newPlace;
  }

  long place() {
    return place;
  }

  /** Returns how many bytes it takes, roughly. */
  int size() {
    return 100 + envelope.length + (content == null ? 0 : content.length);
  }
}
