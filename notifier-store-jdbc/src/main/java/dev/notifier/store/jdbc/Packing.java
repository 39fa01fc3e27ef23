package dev.notifier.store.jdbc;

import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a notification into the bytes of its rows and back, encrypted if so asked. Thread-safe.
 *
 * <p>Short contents lie in the row of each delivery, so that one statement moves everything; long
 * ones lie once in the body table, so that the rows that come and go stay small.
 */
final class Packing {
  /** Where a content begins to be long. */
  private static final int LONG_CONTENT = 8 * 1024;

  private static final int MAX_ENVELOPE = 1_000_000; // the column of H2
  private static final int MAX_CONTENT = 64 * 1024 * 1024;

  private final Payloads payloads;
  private final LookupHash hash;

  Packing(Payloads payloads) {
    this.payloads = payloads;
    this.hash = payloads.hash();
  }

  /**
   * Returns the rows of a submission.
   *
   * @throws InvalidNotificationException if it is too large
   */
  PackedSubmission pack(Submission submission) {
    Notification notification = submission.notification();
    byte[] envelope = NotificationCodec.envelope(notification);
    byte[] content = NotificationCodec.content(notification);
    checkSizes(envelope, content);
    boolean isLong = content.length > LONG_CONTENT;
    List<QueueRow> rows = new ArrayList<>(submission.deliveries().size());
    int size = isLong ? content.length : 0;
    for (QueuedDelivery delivery : submission.deliveries()) {
      QueueRow row = row(delivery, envelope, isLong ? null : content);
      size += row.size();
      rows.add(row);
    }
    byte[] key = DeliveryKey.of(submission.id());
    return new PackedSubmission(
        submission,
        rows,
        key,
        dedupKey(notification),
        isLong ? payloads.protect(content, key) : null,
        notification.tags().isEmpty()
            ? List.of()
            : notification.tags().stream().map(hash::tag).toList(),
        size);
  }

  /** Refuses a notification that is too large. */
  static void checkSizes(byte[] envelope, byte[] content) {
    checkSize("addresses, options and keys", envelope.length, MAX_ENVELOPE);
    checkSize("texts, data and attachments", content.length, MAX_CONTENT);
  }

  private static void checkSize(String what, int bytes, int most) {
    if (bytes > most) {
      throw new InvalidNotificationException(
          "a notification's "
              + what
              + " must have at most "
              + most
              + " bytes together for the JDBC store, but have "
              + bytes
              + ": send a link instead");
    }
  }

  private QueueRow row(QueuedDelivery delivery, byte[] envelope, byte @Nullable [] content) {
    Notification notification = delivery.notification();
    byte[] key = DeliveryKey.of(delivery.id());
    return new QueueRow(
        key,
        delivery,
        hash.recipient(notification.recipient().key()),
        notification.correlationId().map(hash::correlation).orElse(null),
        payloads.protect(envelope, key),
        content == null ? null : payloads.protect(content, key));
  }

  private byte @Nullable [] dedupKey(Notification notification) {
    return notification
        .idempotencyKey()
        .map(key -> hash.idempotencyKey(notification.recipient().key(), key))
        .orElse(null);
  }

  /** Returns the notification of a row of the queue; without content if that is null. */
  Notification unpack(
      byte[] rowKey, byte[] envelope, byte[] contentKey, byte @Nullable [] content) {
    return payloads.decode(
        rowKey, envelope, content == null ? null : payloads.reveal(content, contentKey));
  }
}
