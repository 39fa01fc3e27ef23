package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the notifications of a batch lie.
 *
 * @param first an id that is not greater than any of them
 * @param last an id that is not smaller
 */
record BatchBounds(NotificationId first, NotificationId last) {
  /** Returns the bounds of a batch, if there is such a batch. */
  static Optional<BatchBounds> of(Connection connection, BatchSql sql, long group)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.bounds())) {
      statement.setLong(1, group);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new BatchBounds(
                    DeliveryKey.notification(row.getBytes(1)),
                    DeliveryKey.notification(row.getBytes(2))))
            : Optional.empty();
      }
    }
  }

  /** Binds the condition of {@link BatchSql}; returns the index after it. */
  int bind(PreparedStatement statement, int index) throws SQLException {
    statement.setBytes(index, DeliveryKey.first(first));
    statement.setBytes(index + 1, DeliveryKey.last(last));
    long group = first.value().getLeastSignificantBits();
    statement.setBytes(index + 2, ByteBuffer.allocate(Long.BYTES).putLong(group).array());
    return index + 3;
  }

  /** Returns the first key that a delivery of the batch can have. */
  byte[] from() {
    return DeliveryKey.first(first);
  }

  /** Returns a key that is greater than those of all deliveries of the batch. */
  byte[] before() {
    UUID id = last.value();
    return DeliveryKey.first(new NotificationId(new UUID(id.getMostSignificantBits() + 1, 0)));
  }
}
