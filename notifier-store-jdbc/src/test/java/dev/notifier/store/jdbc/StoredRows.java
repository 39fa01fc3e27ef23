package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Writes rows as a store would, so that what reads them can be tested without one. */
final class StoredRows implements AutoCloseable {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Connection connection;
  private final Payloads payloads;
  private final PreparedStatement queue;
  private final PreparedStatement history;
  private @Nullable PreparedStatement tag; // when it is needed: older tables have none
  private int count;

  StoredRows(DataSource dataSource, Payloads payloads) throws SQLException {
    this.connection = dataSource.getConnection();
    this.payloads = payloads;
    connection.setAutoCommit(false);
    queue =
        connection.prepareStatement(
            "INSERT INTO notifier_queue (id, due, priority, owner, fence, lane, step, step_since,"
                + " attempts, made, mark, accepted_at, recipient, correlation, envelope, content)"
                + " VALUES (?, ?, 2, 0, 0, ?, 0, ?, 0, 0, 0, ?, ?, ?, ?, ?)");
    history =
        connection.prepareStatement(
            "INSERT INTO notifier_history (id, settled_at, accepted_at, priority, lane, step,"
                + " attempts, made, status, reason, started_at, latency, provider_id, recipient,"
                + " correlation, envelope, content)"
                + " VALUES (?, ?, ?, 2, ?, 0, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
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
    byte[] key = DeliveryKey.of(new DeliveryId(id(number), leg));
    long accepted = acceptedAt(number).toEpochMilli();
    queue.setBytes(1, key);
    queue.setLong(2, accepted + 5000);
    queue.setString(3, notification.route().legs().get(leg).get(0).value());
    queue.setLong(4, accepted);
    queue.setLong(5, accepted);
    bindPayload(queue, 6, key, notification, true);
    queue.addBatch();
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
    byte[] key = DeliveryKey.of(new DeliveryId(id(number), leg));
    long accepted = acceptedAt(number).toEpochMilli();
    boolean sent = status == DeliveryStatus.SENT || status == DeliveryStatus.DELIVERED;
    history.setBytes(1, key);
    history.setLong(2, accepted + 700);
    history.setLong(3, accepted);
    history.setString(4, notification.route().legs().get(leg).get(0).value());
    history.setShort(5, Codes.of(status));
    history.setString(6, "because");
    setOrNull(history, 7, sent ? accepted + 500 : null);
    setOrNull(history, 8, sent ? 42L : null);
    history.setString(9, sent ? "provider-" + number + "-" + leg : null);
    bindPayload(history, 10, key, notification, withContent);
    history.addBatch();
    flushSometimes();
  }

  private void bindPayload(
      PreparedStatement statement, int first, byte[] key, Notification notification, boolean whole)
      throws SQLException {
    addTags(key, notification);
    statement.setLong(first, payloads.hash().recipient(notification.recipient().key()));
    setOrNull(
        statement,
        first + 1,
        notification.correlationId().map(payloads.hash()::correlation).orElse(null));
    statement.setBytes(first + 2, payloads.protect(NotificationCodec.envelope(notification), key));
    statement.setBytes(
        first + 3, whole ? payloads.protect(NotificationCodec.content(notification), key) : null);
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

  private static void setOrNull(PreparedStatement statement, int index, @Nullable Long value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, value);
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
    queue.executeBatch();
    history.executeBatch();
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
