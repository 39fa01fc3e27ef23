package dev.notifier.store.jdbc;

import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The claims of idempotency keys, each a part of the transaction that inserts its notification. A
 * replay claims the notification that it replays, for as long as the history may know that.
 */
final class Dedup {
  private static final int MAX_KEYS = 512;
  private static final int MAX_TRIES = 3;

  private final Dialect dialect;
  private final Duration window;
  private final Duration replayWindow;
  private volatile @Nullable LookupHash older;

  Dedup(Dialect dialect, Duration window, Duration historyAge) {
    this.dialect = dialect;
    this.window = window;
    this.replayWindow = historyAge.compareTo(window) > 0 ? historyAge : window;
  }

  /** Knows keys as well that were claimed before encryption was turned on. */
  void alsoKnow(LookupHash hash) {
    older = hash;
  }

  /** There are no keys any more from before encryption. */
  void forgetOlder() {
    older = null;
  }

  /**
   * Claims the keys of those submissions that have one, in the order of the keys: then two
   * transactions never wait for each other.
   *
   * @param waits whether to wait for as long as somebody else's transaction holds a key
   * @return by key in hexadecimal digits: who has it now, this submission or an earlier one
   * @throws HeldKeyException if it does not wait, and somebody does
   */
  Map<String, NotificationId> claim(
      Connection connection, List<PackedSubmission> submissions, boolean waits)
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
    Map<String, NotificationId> before = claimedBefore(connection, keyed, now);
    if (keyed.isEmpty()) {
      return before;
    }
    List<byte[]> keys = List.copyOf(keyed.keySet());
    if (waits) {
      upsert(connection, keyed, now);
    } else {
      dialect.claimSoon(connection, keys, () -> upsert(connection, keyed, now));
    }
    Map<String, NotificationId> holders =
        holders(connection, keys, Long.MIN_VALUE, dialect.ofNow());
    holders.putAll(before);
    return holders;
  }

  private void upsert(Connection connection, Map<byte[], PackedSubmission> keyed, long now)
      throws SQLException {
    for (int tries = 1; ; tries++) {
      try {
        upsertOnce(connection, keyed, now);
        return;
      } catch (SQLException e) {
        if (tries == MAX_TRIES || !dialect.isLateDuplicate(e)) {
          throw e;
        }
      }
    }
  }

  private void upsertOnce(Connection connection, Map<byte[], PackedSubmission> keyed, long now)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(dialect.upsertDedup())) {
      for (Map.Entry<byte[], PackedSubmission> each : keyed.entrySet()) {
        byte[] id = each.getValue().key();
        long expiresAt = now + windowOf(each.getValue()).toMillis();
        dialect.bindDedup(statement, each.getKey(), id, expiresAt, now);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private Duration windowOf(PackedSubmission submission) {
    boolean isReplay = submission.submission().notification().replayOf().isPresent();
    return isReplay ? replayWindow : window;
  }

  /** Returns by which notifications these were replayed, for those that were. */
  Map<NotificationId, NotificationId> replays(Connection connection, Collection<NotificationId> ids)
      throws SQLException {
    Map<String, NotificationId> byKey = new HashMap<>();
    List<byte[]> keys = new ArrayList<>(ids.size());
    for (NotificationId id : ids) {
      byte[] key = LookupHash.replay(id);
      keys.add(key);
      byKey.put(hex(key), id);
    }
    long now = dialect.now(connection);
    Map<NotificationId, NotificationId> replays = new HashMap<>();
    for (int start = 0; start < keys.size(); start += MAX_KEYS) {
      List<byte[]> some = keys.subList(start, Math.min(start + MAX_KEYS, keys.size()));
      holders(connection, some, now, "")
          .forEach((key, replay) -> replays.put(Objects.requireNonNull(byKey.get(key)), replay));
    }
    return replays;
  }

  /** Takes those out whose key was claimed under the hash that was in use before. */
  private Map<String, NotificationId> claimedBefore(
      Connection connection, Map<byte[], PackedSubmission> keyed, long now) throws SQLException {
    LookupHash hash = older;
    if (hash == null) {
      return Map.of();
    }
    Map<String, byte[]> todays = new HashMap<>();
    List<byte[]> olderKeys = new ArrayList<>(keyed.size());
    keyed.forEach(
        (key, submission) -> {
          Notification notification = submission.submission().notification();
          byte[] olderKey =
              hash.idempotencyKey(
                  notification.recipient().key(), notification.idempotencyKey().orElseThrow());
          olderKeys.add(olderKey);
          todays.put(hex(olderKey), key);
        });
    Map<String, NotificationId> before = new HashMap<>();
    holders(connection, olderKeys, now, "")
        .forEach(
            (olderKey, holder) -> {
              byte[] key = todays.get(olderKey);
              if (key != null) {
                keyed.remove(key);
                before.put(hex(key), holder);
              }
            });
    return before;
  }

  private Map<String, NotificationId> holders(
      Connection connection, List<byte[]> keys, long expiringAfter, String ofNow)
      throws SQLException {
    Map<String, NotificationId> holders = new HashMap<>();
    String sql =
        "SELECT key_hash, id FROM "
            + dialect.tables.dedup()
            + " WHERE key_hash IN ("
            + Dialect.marks(Dialect.padded(keys.size()))
            + ") AND expires_at > ?"
            + ofNow;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = Dialect.bindPadded(statement, 1, keys);
      statement.setLong(next, expiringAfter);
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
