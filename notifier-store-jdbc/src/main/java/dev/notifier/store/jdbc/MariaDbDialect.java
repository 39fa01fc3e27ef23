package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB and MySQL: READ COMMITTED, or locking reads lock gaps; rows changed by ascending key; and
 * many rows in one statement as a JSON document, since neither has arrays.
 */
final class MariaDbDialect extends Dialect {
  private static final int ROWS_PER_INSERT = 250;

  /** What NOWAIT says: MariaDB as after a wait, MySQL in its own words. */
  private static final Set<Integer> LOCKED = Set.of(1205, 3572);

  private static final int LOOKS = 5;
  private static final long BETWEEN_LOOKS_NANOS =
      TimeUnit.MILLISECONDS.toNanos(HELD_KEY_MILLIS / LOOKS);

  /** A statement may be as long as this; enough for a thousand rows or results. */
  private static final long LEAST_PACKET = 4L << 20;

  private static final long AROUND_A_BODY = 1024;

  private volatile long packet = Long.MAX_VALUE;

  MariaDbDialect(Tables tables, boolean keepsContent) {
    super(tables, keepsContent);
  }

  /** A server that gets more than it takes closes the connection, and says so at times. */
  @Override
  void prepare(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT @@max_allowed_packet");
        ResultSet result = statement.executeQuery()) {
      result.next();
      packet = result.getLong(1);
    }
    if (packet < LEAST_PACKET) {
      throw new ConfigurationException(
          "max_allowed_packet of the database server is "
              + packet
              + ", less than the store needs: set it to 16M, or to 64M for long messages");
    }
    super.prepare(connection);
  }

  @Override
  void check(Collection<PackedSubmission> submissions) {
    for (PackedSubmission submission : submissions) {
      long size = AROUND_A_BODY + asLiteral(submission.body());
      if (size > packet) {
        throw new StoreException(
            "it takes "
                + size
                + " bytes, but the database server takes "
                + packet
                + " at once: raise its max_allowed_packet, or send a link instead",
            null);
      }
    }
  }

  /** Returns how long bytes are in a statement: some need a backslash. */
  private static long asLiteral(byte @Nullable [] bytes) {
    long length = 0;
    for (byte each : bytes == null ? new byte[0] : bytes) {
      length += each == 0 || each == '\'' || each == '"' || each == '\\' ? 2 : 1;
    }
    return length;
  }

  @Override
  String nowMillis() {
    return "CAST(UNIX_TIMESTAMP(SYSDATE(3)) * 1000 AS SIGNED)";
  }

  @Override
  void insert(Connection connection, List<QueueRow> rows, long owner) throws SQLException {
    for (int from = 0; from < rows.size(); from += ROWS_PER_INSERT) {
      insertTogether(
          connection, rows.subList(from, Math.min(rows.size(), from + ROWS_PER_INSERT)), owner);
    }
  }

  private void insertTogether(Connection connection, List<QueueRow> rows, long owner)
      throws SQLException {
    String row = "(" + marks(16) + ")";
    String sql =
        "INSERT INTO "
            + tables.queue()
            + " ("
            + QUEUE_COLUMNS
            + ") VALUES "
            + row
            + (", " + row).repeat(rows.size() - 1);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int next = 1;
      for (QueueRow each : rows) {
        next = bind(statement, next, each, owner);
      }
      statement.executeUpdate();
    }
  }

  @Override
  String upsertDedup() {
    // The id first: an assignment sees what those before it have set.
    return "INSERT INTO "
        + tables.dedup()
        + " (key_hash, id, expires_at) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE"
        + " id = IF(expires_at <= ?, VALUES(id), id),"
        + " expires_at = IF(expires_at <= ?, VALUES(expires_at), expires_at)";
  }

  @Override
  void bindDedup(PreparedStatement statement, byte[] key, byte[] id, long expiresAt, long now)
      throws SQLException {
    super.bindDedup(statement, key, id, expiresAt, now);
    statement.setLong(5, now);
  }

  @Override
  void claimSoon(Connection connection, List<byte[]> keys, Claims claims) throws SQLException {
    for (int looks = 1; !canBeLocked(connection, keys); looks++) {
      if (looks == LOOKS) {
        throw new HeldKeyException(null);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
    claims.run();
  }

  /** Also sees what other transactions have inserted and not committed. */
  private boolean canBeLocked(Connection connection, List<byte[]> keys) throws SQLException {
    String sql =
        "SELECT key_hash FROM "
            + tables.dedup()
            + " WHERE key_hash IN ("
            + marks(padded(keys.size()))
            + ") FOR UPDATE NOWAIT";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindPadded(statement, 1, keys);
      statement.executeQuery().close();
      return true;
    } catch (SQLException e) {
      if (LOCKED.contains(e.getErrorCode())) {
        return false;
      }
      throw e;
    }
  }

  /** A host's transaction may read from an old snapshot: REPEATABLE READ is the default. */
  @Override
  String ofNow() {
    return " LOCK IN SHARE MODE";
  }

  @Override
  String insertAttempt(String columns, String values) {
    return "INSERT INTO " + columns + " " + values + " ON DUPLICATE KEY UPDATE number = number";
  }

  /** The optimizer knows late how many rows there are, and until then takes any index. */
  @Override
  String free() {
    return tables.free() + " FORCE INDEX (" + tables.queue() + "_free) WHERE owner = 0 AND ";
  }

  /**
   * As long as it thinks that there are few, it goes by the owner: through all for each of them.
   */
  @Override
  String byKeys() {
    return " FORCE INDEX (PRIMARY)";
  }

  @Override
  List<ClaimedRow> claim(Connection connection, FreeRange range, long owner) throws SQLException {
    String sql =
        "SELECT "
            + ClaimedRow.COLUMNS
            + " FROM "
            + free()
            + FreeRange.CONDITION
            + " ORDER BY due, id LIMIT ? FOR UPDATE SKIP LOCKED";
    OptionalLong first =
        range.isWhole() ? firstDue(connection, range) : OptionalLong.of(range.dueFrom());
    if (first.isEmpty() || first.getAsLong() > range.dueUntil()) {
      return List.of();
    }
    List<ClaimedRow> rows = readFree(connection, sql, range.from(first.getAsLong()));
    if (!rows.isEmpty()) {
      takeFree(
          connection,
          rows.stream().map(ClaimedRow::key).sorted(Arrays::compareUnsigned).toList(),
          owner);
    }
    return rows;
  }

  /**
   * Returns when the first free one of a lane and class is due. It costs little; but a search in a
   * range of times goes over rows that are deleted without a look at the range's end: that of an
   * empty class would go through all that was taken of the next one.
   */
  private OptionalLong firstDue(Connection connection, FreeRange range) throws SQLException {
    String sql =
        "SELECT due FROM "
            + free()
            + "lane = ? AND priority = ? ORDER BY "
            + orderOfFree()
            + " LIMIT 1";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, range.lane());
      statement.setShort(2, Codes.of(range.priority()));
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? OptionalLong.of(result.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  /** Reads free rows as they are when they have been taken. */
  private static List<ClaimedRow> readFree(Connection connection, String sql, FreeRange range)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      range.bind(statement);
      return readClaimed(statement, 1);
    }
  }

  @Override
  List<FinalRow> finish(Connection connection, List<FinalRow> rows, long owner)
      throws SQLException {
    List<FinalRow> sorted =
        rows.stream().sorted(Comparator.comparing(FinalRow::key, Arrays::compareUnsigned)).toList();
    String ends = ends(sorted);
    int moved = copyToHistory(connection, ends, owner);
    int deleted = deleteFromQueue(connection, ends, owner);
    if (moved != deleted) {
      throw new SQLException("copied " + moved + " rows to the history, but deleted " + deleted);
    }
    return deleted == rows.size() ? List.of() : missingInHistory(connection, rows);
  }

  private int copyToHistory(Connection connection, String ends, long owner) throws SQLException {
    String sql =
        "INSERT INTO "
            + tables.history()
            + " ("
            + HISTORY_COLUMNS
            + ") SELECT q.id, u.settled_at, q.accepted_at, q.priority, u.lane, u.step, u.attempts,"
            + " u.made, u.status, u.reason, u.started_at, u.latency, u.provider_id, q.recipient,"
            + " q.correlation, q.envelope, "
            + content("q.content")
            + " FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(34) PATH '$[0]', fence INT PATH '$[1]',"
            + " settled_at BIGINT PATH '$[2]', lane VARCHAR(64) PATH '$[3]', step INT PATH"
            + " '$[4]', attempts INT PATH '$[5]', made INT PATH '$[6]', status INT PATH '$[7]',"
            + " reason VARCHAR(600) PATH '$[8]', started_at BIGINT PATH '$[9]', latency INT PATH"
            + " '$[10]', provider_id VARCHAR(300) PATH '$[11]')) u STRAIGHT_JOIN "
            + tables.queue()
            + " q"
            + byKeys()
            + " ON q.id = UNHEX(u.id) WHERE q.owner = ? AND q.fence = u.fence";
    return execute(connection, sql, ends, owner);
  }

  private int deleteFromQueue(Connection connection, String ends, long owner) throws SQLException {
    String sql =
        "DELETE q FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(34) PATH '$[0]', fence INT PATH"
            + " '$[1]')) u STRAIGHT_JOIN "
            + tables.queue()
            + " q"
            + byKeys()
            + " ON q.id = UNHEX(u.id) WHERE q.owner = ? AND q.fence = u.fence";
    return execute(connection, sql, ends, owner);
  }

  private static int execute(Connection connection, String sql, String json, long owner)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, json);
      statement.setLong(2, owner);
      return statement.executeUpdate();
    }
  }

  private List<FinalRow> missingInHistory(Connection connection, List<FinalRow> rows)
      throws SQLException {
    Set<String> there = new HashSet<>();
    List<byte[]> keys = rows.stream().map(FinalRow::key).toList();
    String sql =
        "SELECT id FROM " + tables.history() + " WHERE id IN (" + marks(padded(keys.size())) + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindPadded(statement, 1, keys);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          there.add(hex(result.getBytes(1)));
        }
      }
    }
    List<FinalRow> missing = new ArrayList<>(rows);
    missing.removeIf(row -> there.contains(hex(row.key())));
    return missing;
  }

  private static String hex(byte[] key) {
    return HexFormat.of().formatHex(key);
  }

  private static String ends(List<FinalRow> rows) {
    StringBuilder json = new StringBuilder(rows.size() * 120).append('[');
    for (FinalRow row : rows) {
      json.append(json.length() > 1 ? ",[\"" : "[\"").append(hex(row.key())).append("\",");
      json.append(row.fence()).append(',').append(row.settledAt()).append(",\"");
      json.append(row.lane()).append("\",").append(row.step()).append(',');
      json.append(row.attempts()).append(',').append(row.made()).append(',');
      json.append(Codes.of(row.status())).append(',');
      appendText(json, row.reason());
      json.append(',').append(row.startedAt()).append(',').append(row.latency()).append(',');
      appendText(json, row.providerId());
      json.append(']');
    }
    return json.append(']').toString();
  }

  /** Control characters are not in these columns; what is left to escape is little. */
  private static void appendText(StringBuilder json, @Nullable String text) {
    if (text == null) {
      json.append("null");
      return;
    }
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\');
      }
      json.append(c);
    }
    json.append('"');
  }
}
