package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Writes rows as a store would, so that what reads them can be tested without one. */
final class StoredRows implements AutoCloseable {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  /** A node that is none. */
  private static final long OWNER = 42;

  private final Connection connection;
  private final Dialect dialect;
  private final Payloads payloads;
  private final List<QueueRow> owed = new ArrayList<>();
  private final List<QueueRow> owned = new ArrayList<>();
  private final List<FinalRow> ends = new ArrayList<>();
  private @Nullable PreparedStatement tag; // when it is needed: older tables have none
  private int count;

  StoredRows(DataSource dataSource, Payloads payloads) throws SQLException {
    this.connection = dataSource.getConnection();
    this.dialect = Dialect.of(DatabaseKind.of(connection), TablePrefix.DEFAULT, true);
    this.payloads = payloads;
    connection.setAutoCommit(false);
  }

  /**
   * The time at which the notification of this number is accepted: a second after the one before.
   */
  static Instant acceptedAt(int number) {
    return START.plusSeconds(number);
  }

  static NotificationId id(int number) {
    long time = acceptedAt(number).toEpochMilli();
    return new NotificationId(new UUID(time << 16 | 0x7000, 0x8000_0000_0000_0000L | number));
  }

  /** Adds a delivery that waits. */
  void owed(int number, int leg, Notification notification) throws SQLException {
    owed.add(row(number, leg, notification, acceptedAt(number).plusSeconds(5), true));
    flushSometimes();
  }

  /** Adds a delivery that was settled at its first attempt. */
  void settled(int number, int leg, Notification notification, DeliveryStatus status)
      throws SQLException {
    settled(number, leg, notification, status, true);
  }

  void settled(
      int number, int leg, Notification notification, DeliveryStatus status, boolean withContent)
      throws SQLException {
    QueueRow row = row(number, leg, notification, acceptedAt(number), withContent);
    owned.add(row);
    boolean sent = status == DeliveryStatus.SENT || status == DeliveryStatus.DELIVERED;
    ends.add(
        new FinalRow(
            row.key(),
            row.place(),
            1,
            status,
            "because",
            acceptedAt(number).toEpochMilli() + 700,
            row.delivery().channel().value(),
            0,
            1,
            1,
            sent ? onlyAttempt(number, leg, row.delivery().channel()) : null,
            List.of()));
    flushSometimes();
  }

  private static AttemptReport onlyAttempt(int number, int leg, ChannelId channel) {
    return new AttemptReport(
        channel,
        1,
        acceptedAt(number).plusMillis(500),
        Duration.ofMillis(42),
        new DeliveryResult.Accepted(Optional.of("provider-" + number + "-" + leg)),
        Optional.empty());
  }

  private QueueRow row(
      int number, int leg, Notification notification, Instant due, boolean withContent)
      throws SQLException {
    DeliveryId id = new DeliveryId(id(number), leg);
    byte[] key = DeliveryKey.of(id);
    addTags(key, notification);
    Instant accepted = acceptedAt(number);
    return new QueueRow(
        key,
        QueuedDelivery.restored(id, notification, 0, 0, due, accepted, accepted, false),
        payloads.hash().recipient(notification.recipient().key()),
        notification.correlationId().map(payloads.hash()::correlation).orElse(null),
        payloads.protect(NotificationCodec.envelope(notification), key),
        withContent ? payloads.protect(NotificationCodec.content(notification), key) : null);
  }

  private void addTags(byte[] key, Notification notification) throws SQLException {
    for (String each : notification.tags()) {
      if (tag == null) {
        tag = connection.prepareStatement("INSERT INTO notifier_tag (tag, id) VALUES (?, ?)");
      }
      tag.setLong(1, payloads.hash().tag(each));
      tag.setBytes(2, key);
      tag.addBatch();
    }
  }

  /** Adds what a notification says to the table of long ones. */
  void body(int number, Notification notification) throws SQLException {
    byte[] key = DeliveryKey.of(id(number));
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO notifier_body (id, content) VALUES (?, ?)")) {
      insert.setBytes(1, key);
      insert.setBytes(2, payloads.protect(NotificationCodec.content(notification), key));
      insert.executeUpdate();
    }
  }

  void attempt(int number, int leg, int count, AttemptReport attempt) throws SQLException {
    String sql =
        "INSERT INTO notifier_attempt (id, number, "
            + AttemptCodec.COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setBytes(1, DeliveryKey.of(new DeliveryId(id(number), leg)));
      insert.setInt(2, count);
      AttemptCodec.bind(insert, 3, attempt);
      insert.executeUpdate();
    }
  }

  static AttemptReport attempt(String channel, int number, DeliveryResult result) {
    return new AttemptReport(
        ChannelId.of(channel), number, START, Duration.ofMillis(7), result, Optional.empty());
  }

  private void flushSometimes() throws SQLException {
    count++;
    if (count % 1000 == 0) {
      flush();
    }
  }

  private void flush() throws SQLException {
    if (!owed.isEmpty()) {
      dialect.insert(connection, owed, 0);
      owed.clear();
    }
    if (!owned.isEmpty()) {
      dialect.insert(connection, owned, OWNER);
      dialect.finish(connection, ends, OWNER);
      owned.clear();
      ends.clear();
    }
    if (tag != null) {
      tag.executeBatch();
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    if (!connection.isClosed()) {
      flush();
      connection.close();
    }
  }
}
