package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
    Map<byte[], PackedSubmission> keyed = new TreeMap<>(Arrays::compareUnsigned);
    for (PackedSubmission submission : submissions) {
      byte[] key = submission.dedupKey();
      if (key != null) {
        keyed.putIfAbsent(key, submission); // the first of a group is the earlier one
      }
    }
    if (keyed.isEmpty()) {
      return Map.of();
    }
    long now = dialect.now(connection);
    try (PreparedStatement statement = connection.prepareStatement(dialect.upsertDedup())) {
      for (Map.Entry<byte[], PackedSubmission> each : keyed.entrySet()) {
        byte[] id = each.getValue().key();
        dialect.bindDedup(statement, each.getKey(), id, now + window.toMillis(), now);
        statement.addBatch();
      }
      statement.executeBatch();
    }
    return holders(connection, List.copyOf(keyed.keySet()));
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
