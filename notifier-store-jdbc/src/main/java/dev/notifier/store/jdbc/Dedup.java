package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The claims of idempotency keys, each a part of the transaction that inserts its notification. */
final class Dedup {
  private final Dialect dialect;
  private final Duration window;

  Dedup(Dialect dialect, Duration window) {
    this.dialect = dialect;
    this.window = window;
  }

  /**
   * Claims the keys of those submissions that have one, in the order of the keys: then two
   * transactions never wait for each other.
   *
   * @return by key in hexadecimal digits: who has it now, this submission or an earlier one
   */
  Map<String, NotificationId> claim(Connection connection, List<PackedSubmission> submissions)
      throws SQLException {
    List<PackedSubmission> keyed =
        submissions.stream()
            .filter(submission -> submission.dedupKey() != null)
            .sorted(Comparator.comparing(PackedSubmission::dedupKey, Arrays::compareUnsigned))
            .toList();
    if (keyed.isEmpty()) {
      return Map.of();
    }
    long now = dialect.now(connection);
    try (PreparedStatement statement = connection.prepareStatement(dialect.upsertDedup())) {
      for (PackedSubmission submission : keyed) {
        dialect.bindDedup(
            statement, submission.dedupKey(), submission.key(), now + window.toMillis(), now);
        statement.addBatch();
      }
      statement.executeBatch();
    }
    return holders(connection, keyed.stream().map(PackedSubmission::dedupKey).toList());
  }

  private Map<String, NotificationId> holders(Connection connection, List<byte[]> keys)
      throws SQLException {
    Map<String, NotificationId> holders = new HashMap<>();
    String sql =
        "SELECT key_hash, id FROM "
            + dialect.tables.dedup()
            + " WHERE key_hash IN ("
            + Dialect.marks(Dialect.padded(keys.size()))
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Dialect.bindPadded(statement, 1, keys);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          holders.put(hex(result.getBytes(1)), DeliveryKey.notification(result.getBytes(2)));
        }
      }
    }
    return holders;
  }

  static String hex(byte[] key) {
    return HexFormat.of().formatHex(key);
  }
}
