package dev.notifier.store.jdbc;

import dev.notifier.DeliveryStatus;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * H2. A commit there survives the end of the process only after a checkpoint, or with WRITE_DELAY 0
 * (h2database issues 1259, 2599); a locking read with an order locks every row that matches.
 *
 * <p>Each entry of an index costs as much as the row itself, so a delivery stays in one row of one
 * table until it is purged (docs/decisions/0031). H2 has no index of some rows only; two tables
 * stand in for them and are kept up to date here: the free rows in the order of their claim, and
 * what few rows have, such as a correlation id. Rows are changed one by one, in batches: H2
 * compares each row with all of a list of keys.
 *
 * <p>A statement that waits for a row which {@link ReEncryption} moves to another place misses it.
 * So whoever misses a row of his own looks once more before it counts as lost.
 */
final class H2Dialect extends Dialect {
  private static final Logger log = LoggerFactory.getLogger(H2Dialect.class);

  /** TABLE_OR_VIEW_NOT_FOUND, three of them, and NOT_ENOUGH_RIGHTS. */
  private static final Set<Integer> NO_SUCH_ROW = Set.of(42102, 42103, 42104, 90096);

  // A checkpoint in the midst of a commit, and a kill right after it, leave rows that nobody can
  // change any more: docs/decisions/0030.
  private final Lock committing = new ReentrantLock();
  private final Places places;
  private volatile boolean checkpoints = true;
  private volatile boolean takesTurns = true;

  H2Dialect(Tables tables, boolean keepsContent) {
    super(tables, keepsContent);
    places = new Places(tables);
  }

  @Override
  void commit(Connection connection) throws SQLException {
    committing.lock();
    try {
      super.commit(connection);
    } finally {
      committing.unlock();
    }
  }

  @Override
  void afterCommit(Connection connection) throws SQLException {
    if (checkpoints) {
      committing.lock();
      try {
        execute(connection, "CHECKPOINT SYNC");
      } catch (SQLException e) {
        if (e.getErrorCode() != 90040) { // ADMIN_RIGHTS_REQUIRED
          throw e;
        }
        checkpoints = false;
        warnUnlessCommitsAreWritten(connection);
      } finally {
        committing.unlock();
      }
    }
  }

  /** A claim that is lost with this process is lost by nobody; a server may end alone. */
  @Override
  void afterClaim(Connection connection) throws SQLException {
    if (connection.getMetaData().getURL().matches("jdbc:h2:(tcp|ssl):.*")) {
      afterCommit(connection);
    }
  }

  /** The setting belongs to the database, and only an administrator may change it. */
  private static void warnUnlessCommitsAreWritten(Connection connection) throws SQLException {
    String sql =
        "SELECT 1 FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'"
            + " AND SETTING_VALUE = '0'";
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        log.warn(
            "the user of the H2 database has no admin rights, so that CHECKPOINT SYNC is refused:"
                + " let an administrator run SET WRITE_DELAY 0 in it once, or what is accepted may"
                + " be lost when the process is killed");
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  String nowMillis() {
    return "DATEDIFF(MILLISECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00',"
        + " CURRENT_TIMESTAMP)";
  }

  @Override
  String upsertDedup() {
    return "MERGE INTO "
        + tables.dedup()
        + " d USING (VALUES (CAST(? AS BINARY(32)), CAST(? AS BINARY(16)), CAST(? AS BIGINT),"
        + " CAST(? AS BIGINT))) s (key_hash, id, expires_at, moment)"
        + " ON d.key_hash = s.key_hash"
        + " WHEN MATCHED AND d.expires_at <= s.moment THEN UPDATE SET id = s.id,"
        + " expires_at = s.expires_at"
        + " WHEN NOT MATCHED THEN INSERT VALUES (s.key_hash, s.id, s.expires_at)";
  }

  @Override
  void claimSoon(Connection connection, List<byte[]> keys, Claims claims) throws SQLException {
    String before = lockTimeout(connection);
    execute(connection, "SET LOCK_TIMEOUT " + HELD_KEY_MILLIS);
    try {
      claims.run();
    } catch (SQLException e) {
      throw "HYT00".equals(e.getSQLState()) ? new HeldKeyException(e) : e; // LOCK_TIMEOUT_1
    } finally {
      execute(connection, "SET LOCK_TIMEOUT " + before);
    }
  }

  /** MERGE waits for the transaction that inserted the key, and then fails if that commits. */
  @Override
  boolean isLateDuplicate(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  private static String lockTimeout(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT LOCK_TIMEOUT()")) {
      result.next();
      return result.getString(1);
    }
  }

  @Override
  String insertAttempt(String columns, String values) {
    return "MERGE INTO " + columns + " KEY (id, number) " + values;
  }

  // --- Accept -----------------------------------------------------------------------------------

  @Override
  void insert(Connection connection, List<QueueRow> rows, long owner) throws SQLException {
    String sql =
        "INSERT INTO "
            + tables.queue()
            + " ("
            + QUEUE_COLUMNS
            + ", place) VALUES ("
            + marks(17)
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (QueueRow row : rows) {
        row.insertedAt(places.next(connection, row.key(), row.recipient()));
        statement.setLong(bind(statement, 1, row, owner), row.place());
        statement.addBatch();
      }
      statement.executeBatch();
    }
    if (owner == 0) {
      insertFree(connection, rows.stream().map(H2Dialect::entry).toList());
    }
    insertLookups(connection, correlations(rows));
  }

  private static List<Lookup> correlations(List<QueueRow> rows) {
    List<Lookup> lookups = new ArrayList<>();
    for (QueueRow row : rows) {
      Long correlation = row.correlation();
      if (correlation != null) {
        lookups.add(new Lookup(correlation, row.key()));
      }
    }
    return lookups;
  }

  // --- What is free -----------------------------------------------------------------------------

  @Override
  String free() {
    return tables.free() + " WHERE ";
  }

  @Override
  String orderOfFree() {
    return "lane, priority, due, id";
  }

  /** An entry among the free ones. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Free(String lane, short priority, long due, byte[] key) {}

  private static Free entry(QueueRow row) {
    QueuedDelivery delivery = row.delivery();
    return new Free(
        delivery.channel().value(),
        Codes.of(delivery.priority()),
        delivery.due().toEpochMilli(),
        row.key());
  }

  @Override
  List<ClaimedRow> claim(Connection connection, FreeRange range, long owner) throws SQLException {
    if (!hasFree(connection, range)) {
      return List.of();
    }
    awaitTurn(connection);
    List<ClaimedRow> rows = readFreeRows(connection, range);
    String take = // as it was read
        "UPDATE "
            + tables.queue()
            + " SET owner = ?, fence = ? WHERE place = ? AND owner = 0 AND fence = ?";
    try (PreparedStatement statement = connection.prepareStatement(take)) {
      for (ClaimedRow row : rows) {
        statement.setLong(1, owner);
        statement.setInt(2, row.fence());
        statement.setLong(3, row.place());
        statement.setInt(4, row.fence() - 1);
        statement.addBatch();
      }
      List<ClaimedRow> taken = with(rows, executeBatch(statement, rows));
      deleteFree(connection, taken.stream().map(row -> entry(row, range)).toList());
      return taken;
    }
  }

  private static Free entry(ClaimedRow row, FreeRange range) {
    return new Free(range.lane(), Codes.of(range.priority()), row.due(), row.key());
  }

  private boolean hasFree(Connection connection, FreeRange range) throws SQLException {
    String sql = "SELECT 1 FROM " + tables.free() + " WHERE " + FreeRange.CONDITION + " LIMIT ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      range.first().bind(statement);
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  /**
   * Waits a moment for other nodes that claim: two at once would read the same rows, and one of
   * them would get none. They take turns by a row that nearly every database has and that never
   * changes. Nothing is wrong if there is none, or if two claim at once: only time is lost.
   */
  private void awaitTurn(Connection connection) throws SQLException {
    if (takesTurns) {
      try {
        execute(
            connection,
            "SELECT version FROM "
                + tables.schemaHistory()
                + " WHERE version = 1 FOR UPDATE WAIT 0.2");
      } catch (SQLException e) {
        if (NO_SUCH_ROW.contains(e.getErrorCode())) {
          takesTurns = false;
          log.debug("claims take no turns: {}", Failures.describe(e));
        } else if (e.getErrorCode() != 50200) { // LOCK_TIMEOUT_1: whoever has it may have stopped
          throw e;
        }
      }
    }
  }

  private List<ClaimedRow> readFreeRows(Connection connection, FreeRange range)
      throws SQLException {
    String sql =
        "SELECT "
            + ClaimedRow.COLUMNS_OF_Q
            + ", q.place FROM "
            + tables.free()
            + " f JOIN "
            + tables.queue()
            + " q ON q.id = f.id WHERE f.lane = ? AND f.priority = ? AND f.due BETWEEN ? AND ?"
            + " ORDER BY f.lane, f.priority, f.due, f.id LIMIT ?";
    List<ClaimedRow> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      range.bind(statement);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(ClaimedRow.read(result, 1, result.getLong("place")));
        }
      }
    }
    return rows;
  }

  @Override
  int takeFree(Connection connection, List<byte[]> keys, long owner) throws SQLException {
    String sql =
        "UPDATE " + tables.queue() + " SET owner = ?, fence = fence + 1 WHERE id = ? AND owner = 0";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] key : keys) {
        statement.setLong(1, owner);
        statement.setBytes(2, key);
        statement.addBatch();
      }
      List<byte[]> taken = with(keys, executeBatch(statement, keys));
      deleteFree(connection, entries(connection, taken));
      return taken.size();
    }
  }

  /** Returns what the entries of rows are among the free ones, while these are locked. */
  private List<Free> entries(Connection connection, List<byte[]> keys) throws SQLException {
    String sql = "SELECT lane, priority, due FROM " + tables.queue() + " WHERE id = ?";
    List<Free> entries = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] key : keys) {
        statement.setBytes(1, key);
        try (ResultSet result = statement.executeQuery()) {
          while (result.next()) {
            entries.add(new Free(result.getString(1), result.getShort(2), result.getLong(3), key));
          }
        }
      }
    }
    return entries;
  }

  private void deleteFree(Connection connection, List<Free> entries) throws SQLException {
    String sql =
        "DELETE FROM " + tables.free() + " WHERE lane = ? AND priority = ? AND due = ? AND id = ?";
    changeFree(connection, sql, entries);
  }

  private void insertFree(Connection connection, List<Free> entries) throws SQLException {
    String sql = "INSERT INTO " + tables.free() + " (lane, priority, due, id) VALUES (?, ?, ?, ?)";
    changeFree(connection, sql, entries);
  }

  private static void changeFree(Connection connection, String sql, List<Free> entries)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Free entry : entries) {
        statement.setString(1, entry.lane());
        statement.setShort(2, entry.priority());
        statement.setLong(3, entry.due());
        statement.setBytes(4, entry.key());
        statement.addBatch();
      }
      executeBatch(statement, entries);
    }
  }

  /** H2 refuses a batch of nothing. */
  private static int[] executeBatch(PreparedStatement statement, List<?> rows) throws SQLException {
    return rows.isEmpty() ? new int[0] : statement.executeBatch();
  }

  @Override
  int free(Connection connection, Collection<byte[]> keys, long owner) throws SQLException {
    Set<byte[]> each =
        new TreeSet<>(Arrays::compareUnsigned); // one that comes twice is missed once
    each.addAll(keys);
    List<byte[]> sorted = List.copyOf(each);
    List<byte[]> missed = release(connection, sorted, owner);
    List<byte[]> lost = missed.isEmpty() ? missed : release(connection, missed, owner);
    List<byte[]> freed = sorted.stream().filter(key -> !lost.contains(key)).toList();
    insertFree(connection, entries(connection, freed));
    return freed.size();
  }

  /** Returns those that this owner does not hold, or that were missed. */
  private List<byte[]> release(Connection connection, List<byte[]> keys, long owner)
      throws SQLException {
    String sql =
        "UPDATE " + tables.queue() + " SET owner = 0, fence = fence + 1 WHERE owner = ? AND id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] key : keys) {
        statement.setLong(1, owner);
        statement.setBytes(2, key);
        statement.addBatch();
      }
      return without(keys, executeBatch(statement, keys));
    }
  }

  /** The newest first: there is no index, and those of a node that died are among them. */
  @Override
  String orderOfOwned() {
    return "place DESC";
  }

  @Override
  List<WaitingRow> requeue(Connection connection, List<WaitingRow> rows, long owner)
      throws SQLException {
    List<WaitingRow> missed = super.requeue(connection, rows, owner);
    List<WaitingRow> lost = missed.isEmpty() ? missed : super.requeue(connection, missed, owner);
    List<byte[]> freed =
        rows.stream()
            .filter(row -> !row.keep() && !lost.contains(row))
            .map(WaitingRow::key)
            .toList();
    insertFree(connection, entries(connection, freed));
    return lost;
  }

  // --- Settle -----------------------------------------------------------------------------------

  @Override
  List<FinalRow> finish(Connection connection, List<FinalRow> rows, long owner)
      throws SQLException {
    List<FinalRow> elsewhere = end(connection, rows, "place", FinalRow::place, owner);
    List<FinalRow> missed = end(connection, elsewhere, "id", FinalRow::key, owner);
    List<FinalRow> lost = end(connection, missed, "id", FinalRow::key, owner);
    insertLookups(connection, lookups(rows, lost));
    return lost;
  }

  /** Returns those that this owner does not hold, or that were missed where they are looked for. */
  private List<FinalRow> end(
      Connection connection,
      List<FinalRow> rows,
      String column,
      Function<FinalRow, Object> where,
      long owner)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(end(column))) {
      for (FinalRow row : rows) {
        int next = bindEnd(statement, 1, row);
        statement.setObject(next, where.apply(row));
        statement.setLong(next + 1, owner);
        statement.setInt(next + 2, row.fence());
        statement.addBatch();
      }
      return without(rows, executeBatch(statement, rows));
    }
  }

  private String end(String column) {
    return "UPDATE "
        + tables.queue()
        + " SET owner = NULL, settled_at = ?, lane = ?, step = ?, attempts = ?, made = ?,"
        + " status = ?, reason = ?, started_at = ?, latency = ?, provider_id = ?, content = "
        + content("content")
        + " WHERE "
        + column
        + " = ? AND owner = ? AND fence = ?";
  }

  @Override
  boolean mark(Connection connection, byte[] key, int fence, long owner) throws SQLException {
    if (super.mark(connection, key, fence, owner)) {
      return true;
    }
    return super.mark(connection, key, fence, owner);
  }

  private static List<Lookup> lookups(List<FinalRow> rows, List<FinalRow> lost) {
    List<Lookup> lookups = new ArrayList<>();
    for (FinalRow row : rows) {
      String providerId = row.providerId();
      if (providerId != null && !lost.contains(row)) {
        lookups.add(new Lookup(LookupHash.reference(row.lane(), providerId), row.key()));
      }
      if (isTrouble(row.status()) && !lost.contains(row)) {
        lookups.add(new Lookup(Codes.of(row.status()), row.key()));
      }
    }
    return lookups;
  }

  // --- By what else a delivery is found ---------------------------------------------------------

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Lookup(long hash, byte[] key) {}

  /** In nearly every row that was sent the state is the same: no way to any of them. */
  private static boolean isTrouble(DeliveryStatus status) {
    return !HistoryWalk.SUCCESSES.contains(status);
  }

  private void insertLookups(Connection connection, List<Lookup> lookups) throws SQLException {
    if (lookups.isEmpty()) {
      return;
    }
    String sql = "MERGE INTO " + tables.lookup() + " (hash, id) KEY (hash, id) VALUES (?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Lookup lookup : lookups) {
        statement.setLong(1, lookup.hash());
        statement.setBytes(2, lookup.key());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  @Override
  void willBe(Connection connection, byte[] key, DeliveryStatus status) throws SQLException {
    if (isTrouble(status)) {
      insertLookups(connection, List.of(new Lookup(Codes.of(status), key)));
    }
  }

  @Override
  void forgetLookups(Connection connection, List<byte[]> keys) throws SQLException {
    Purge.deleteByKeys(connection, tables.lookup(), "id", keys, "", null);
  }

  /** There is no index by time, but what was settled before a time was accepted before it. */
  @Override
  List<byte[]> settledBefore(Connection connection, long time, byte[] after, int limit)
      throws SQLException {
    String sql =
        "SELECT id FROM "
            + tables.history()
            + " WHERE settled_at < ? AND id > ? AND id < ? ORDER BY id LIMIT ?";
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, time);
      statement.setBytes(2, after);
      statement.setBytes(3, HistoryWalk.keyAt(Instant.ofEpochMilli(time), HistoryWalk.CLOCK_STEP));
      statement.setInt(4, limit);
      Purge.readKeys(statement, keys);
    }
    return keys;
  }
}
