package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Remembers until when notifications were accepted of which some were purged by hand, so that
 * numbers can say since when they are complete. It is a row among the idempotency keys, under a
 * hash that none of them has, and goes when the history forgets that time by itself. Thread-safe.
 */
final class PurgeMark {
  private static final byte[] KEY = Sha256.of("notifications were purged by hand");

  /** An id may be older than the acceptance by so much. */
  private static final Duration LATE = HistoryWalk.LATE_RUN;

  private final Dialect dialect;
  private final Duration historyAge;

  PurgeMark(Dialect dialect, Duration historyAge) {
    this.dialect = dialect;
    this.historyAge = historyAge;
  }

  /**
   * Notes that a notification goes, in the transaction in which it goes. Call it before anything
   * else is locked: then two that purge wait for each other here only.
   *
   * @param delivery the key of a delivery of the newest one
   */
  void raise(Connection connection, byte[] delivery) throws SQLException {
    Instant accepted = timeOf(DeliveryKey.delivery(delivery).notification()).plus(LATE);
    byte[] mark = DeliveryKey.of(new NotificationId(new UUID(accepted.toEpochMilli() << 16, 0)));
    long now = dialect.now(connection);
    long expires = now + historyAge.toMillis();
    try (PreparedStatement first = connection.prepareStatement(dialect.upsertDedup())) {
      dialect.bindDedup(first, KEY, mark, expires, now);
      first.executeUpdate();
    }
    String sql =
        "UPDATE "
            + dialect.tables.dedup()
            + " SET id = ?, expires_at = ? WHERE key_hash = ? AND id < ?";
    try (PreparedStatement later = connection.prepareStatement(sql)) {
      later.setBytes(1, mark);
      later.setLong(2, expires);
      later.setBytes(3, KEY);
      later.setBytes(4, mark);
      later.executeUpdate();
    }
  }

  /** Returns the time since which nothing was purged by hand, if anything was before. */
  Optional<Instant> purgedUntil(Connection connection) throws SQLException {
    String sql = "SELECT id FROM " + dialect.tables.dedup() + " WHERE key_hash = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setBytes(1, KEY);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(timeOf(DeliveryKey.notification(row.getBytes(1))))
            : Optional.empty();
      }
    }
  }

  private static Instant timeOf(NotificationId id) {
    return Instant.ofEpochMilli(id.value().getMostSignificantBits() >>> 16);
  }
}
