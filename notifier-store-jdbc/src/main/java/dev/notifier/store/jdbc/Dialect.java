package dev.notifier.store.jdbc;

import dev.notifier.DeliveryStatus;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The statements on the hot path, in SQL that every database understands. A database that can do
 * better has a subclass. Nothing here commits.
 *
 * <p>What is taken or settled is always guarded by owner and fence: whatever another node did
 * meanwhile, nothing of it is undone.
 */
abstract class Dialect {
  static final String QUEUE_COLUMNS =
      "id, due, priority, owner, fence, lane, step, step_since, attempts, made, mark, accepted_at,"
          + " recipient, correlation, envelope, content";

  /** Longer than what other nodes accept takes, and short for those who wait behind it. */
  static final int HELD_KEY_MILLIS = 100;

  static final String HISTORY_COLUMNS =
      "id, settled_at, accepted_at, priority, lane, step, attempts, made, status, reason,"
          + " started_at, latency, provider_id, recipient, correlation, envelope, content";

  final Tables tables;
  final boolean keepsContent;

  Dialect(Tables tables, boolean keepsContent) {
    this.tables = tables;
    this.keepsContent = keepsContent;
  }

  static Dialect of(DatabaseKind kind, TablePrefix prefix, boolean keepsContent) {
    Tables tables = Tables.of(prefix, kind);
    return switch (kind) {
      case H2 -> new H2Dialect(tables, keepsContent);
      case POSTGRESQL -> new PostgresDialect(tables, keepsContent);
      case MARIADB -> new MariaDbDialect(tables, keepsContent);
    };
  }

  // --- The connection ---------------------------------------------------------------------------

  /** Prepares a connection that this store keeps. */
  void prepare(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    connection.setAutoCommit(false);
  }

  /** Commits. */
  void commit(Connection connection) throws SQLException {
    connection.commit();
  }

  /** Makes a commit as durable as it can be, where commit alone does not. */
  void afterCommit(Connection connection) throws SQLException {}

  /** As {@link #afterCommit}, for claims and for what only reads. */
  void afterClaim(Connection connection) throws SQLException {
    afterCommit(connection);
  }

  /** An expression for the database's clock in epoch milliseconds. */
  abstract String nowMillis();

  /** Sees to it that what follows in this transaction finds rows by an index, if need be. */
  void useIndexes(Connection connection) throws SQLException {}

  /** Tells other nodes that there are free rows, where the database can; a hint. */
  void notifyFreeRows(Connection connection) throws SQLException {}

  // --- Accept -----------------------------------------------------------------------------------

  /**
   * Refuses what the database would not take, before anything of it is written.
   *
   * @throws dev.notifier.StoreException if one is too long
   */
  void check(Collection<PackedSubmission> submissions) {}

  /** Inserts rows; {@code owner} 0 leaves them free. */
  void insert(Connection connection, List<QueueRow> rows, long owner) throws SQLException {
    String sql =
        "INSERT INTO " + tables.queue() + " (" + QUEUE_COLUMNS + ") VALUES (" + marks(16) + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (QueueRow row : rows) {
        bind(statement, 1, row, owner);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  static int bind(PreparedStatement statement, int first, QueueRow row, long owner)
      throws SQLException {
    QueuedDelivery delivery = row.delivery();
    int next = first;
    statement.setBytes(next++, row.key());
    statement.setLong(next++, delivery.due().toEpochMilli());
    statement.setShort(next++, Codes.of(delivery.priority()));
    statement.setLong(next++, owner);
    statement.setInt(next++, owner == 0 ? 0 : 1);
    statement.setString(next++, delivery.channel().value());
    statement.setInt(next++, delivery.position());
    statement.setLong(next++, delivery.positionSince().toEpochMilli());
    statement.setInt(next++, delivery.attempts());
    statement.setInt(next++, 0);
    statement.setInt(next++, 0);
    statement.setLong(next++, delivery.acceptedAt().toEpochMilli());
    statement.setLong(next++, row.recipient());
    setLong(statement, next++, row.correlation());
    statement.setBytes(next++, row.envelope());
    statement.setBytes(next++, row.content());
    return next;
  }

  void insertBodies(Connection connection, Collection<PackedSubmission> submissions)
      throws SQLException {
    String sql = "INSERT INTO " + tables.body() + " (id, content) VALUES (?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (PackedSubmission submission : submissions) { // one by one: they are long
        statement.setBytes(1, submission.key());
        statement.setBytes(2, submission.body());
        statement.executeUpdate();
      }
    }
  }

  /** Inserts the tags of submissions, for each of their deliveries. */
  final void insertTags(Connection connection, Collection<PackedSubmission> submissions)
      throws SQLException {
    if (submissions.isEmpty()) {
      return;
    }
    String sql = "INSERT INTO " + tables.tag() + " (tag, id) VALUES (?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (PackedSubmission submission : submissions) {
        for (Long tag : submission.tags()) {
          for (QueueRow row : submission.rows()) {
            statement.setLong(1, tag);
            statement.setBytes(2, row.key());
            statement.addBatch();
          }
        }
      }
      statement.executeBatch();
    }
  }

  /** Claims an idempotency key unless one that has not expired is there. */
  abstract String upsertDedup();

  /** Binds the parameters of {@link #upsertDedup}. */
  void bindDedup(PreparedStatement statement, byte[] key, byte[] id, long expiresAt, long now)
      throws SQLException {
    statement.setBytes(1, key);
    statement.setBytes(2, id);
    statement.setLong(3, expiresAt);
    statement.setLong(4, now);
  }

  /** What claims idempotency keys. */
  interface Claims {
    void run() throws SQLException;
  }

  /**
   * Claims idempotency keys, and waits for transactions that hold one of them for a moment only.
   *
   * @throws HeldKeyException if that is not enough
   */
  abstract void claimSoon(Connection connection, List<byte[]> keys, Claims claims)
      throws SQLException;

  /** What makes a query see what is committed, whatever snapshot its transaction has. */
  String ofNow() {
    return "";
  }

  /** Tells whether {@link #upsertDedup} saw too late that a key was there, and may be repeated. */
  boolean isLateDuplicate(SQLException e) {
    return false;
  }

  // --- Claim ------------------------------------------------------------------------------------

  /** Where the free rows are, in the order of their claim: a table and the begin of a condition. */
  String free() {
    return tables.free() + " WHERE owner = 0 AND ";
  }

  /** The order of the index along which rows are claimed. */
  String orderOfFree() {
    return "owner, lane, priority, due, id";
  }

  /** Takes free rows in order; returns them unordered. */
  abstract List<ClaimedRow> claim(Connection connection, FreeRange range, long owner)
      throws SQLException;

  /** What makes an update find rows by their keys and not by their owner, if anything must. */
  String byKeys() {
    return "";
  }

  int takeFree(Connection connection, List<byte[]> keys, long owner) throws SQLException {
    String sql =
        "UPDATE "
            + tables.queue()
            + byKeys()
            + " SET owner = ?, fence = fence + 1 WHERE owner = 0 AND id IN ("
            + marks(padded(keys.size()))
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, owner);
      bindPadded(statement, 2, keys);
      return statement.executeUpdate();
    }
  }

  /**
   * Takes rows that are free, for this transaction: nobody else does between what it reads of them
   * and what it writes.
   *
   * @param taker who is no node, such as a negative number that nobody else has
   * @return the keys of those that were still free, with a fence that is one more
   */
  final Set<byte[]> lockFree(Connection connection, List<byte[]> keys, long taker)
      throws SQLException {
    Set<byte[]> taken = new TreeSet<>(Arrays::compareUnsigned);
    if (takeFree(connection, keys, taker) == keys.size()) {
      taken.addAll(keys);
    } else {
      ownedAmong(connection, keys, taker).forEach(row -> taken.add(row.key()));
    }
    return taken;
  }

  private List<ClaimedRow> ownedAmong(Connection connection, List<byte[]> keys, long owner)
      throws SQLException {
    String sql =
        "SELECT "
            + ClaimedRow.COLUMNS
            + " FROM "
            + tables.queue()
            + " WHERE owner = ? AND id IN ("
            + marks(padded(keys.size()))
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, owner);
      bindPadded(statement, 2, keys);
      return readClaimed(statement, 0);
    }
  }

  static List<ClaimedRow> readClaimed(PreparedStatement statement, int claims) throws SQLException {
    List<ClaimedRow> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rows.add(ClaimedRow.read(result, claims));
      }
    }
    return rows;
  }

  // --- Settle -----------------------------------------------------------------------------------

  /**
   * Moves deliveries from the queue to the history.
   *
   * @return the rows that this node no longer held, which stay as they are
   */
  abstract List<FinalRow> finish(Connection connection, List<FinalRow> rows, long owner)
      throws SQLException;

  /** What the history keeps of the content. */
  final String content(String column) {
    return keepsContent ? column : "NULL";
  }

  static int bindEnd(PreparedStatement statement, int first, FinalRow row) throws SQLException {
    int next = first;
    statement.setLong(next++, row.settledAt());
    statement.setString(next++, row.lane());
    statement.setInt(next++, row.step());
    statement.setInt(next++, row.attempts());
    statement.setInt(next++, row.made());
    statement.setShort(next++, Codes.of(row.status()));
    statement.setString(next++, row.reason());
    setLong(statement, next++, row.startedAt());
    Integer latency = row.latency();
    if (latency == null) {
      statement.setNull(next++, Types.INTEGER);
    } else {
      statement.setInt(next++, latency);
    }
    statement.setString(next++, row.providerId());
    return next;
  }

  static void bindGuard(PreparedStatement statement, int first, byte[] key, long owner, int fence)
      throws SQLException {
    statement.setBytes(first, key);
    statement.setLong(first + 1, owner);
    statement.setInt(first + 2, fence);
  }

  /** Returns those that a batch did not find. */
  static <T> List<T> without(List<T> rows, int[] counts) {
    return filter(rows, counts, false);
  }

  /** Returns those that a batch found. */
  static <T> List<T> with(List<T> rows, int[] counts) {
    return filter(rows, counts, true);
  }

  private static <T> List<T> filter(List<T> rows, int[] counts, boolean isFound) {
    List<T> filtered = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] != 0 == isFound) {
        filtered.add(rows.get(i));
      }
    }
    return filtered;
  }

  /**
   * Writes when and where deliveries are tried again.
   *
   * @return the rows that this node no longer held, which stay as they are
   */
  List<WaitingRow> requeue(Connection connection, List<WaitingRow> rows, long owner)
      throws SQLException {
    String sql =
        "UPDATE "
            + tables.queue()
            + " SET due = ?, lane = ?, step = ?, step_since = ?, attempts = ?, made = ?, mark = 0,"
            + " owner = ? WHERE id = ? AND owner = ? AND fence = ?";
    List<WaitingRow> lost = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (WaitingRow row : rows) { // one by one: not every driver counts within a batch
        statement.setLong(1, row.due());
        statement.setString(2, row.lane());
        statement.setInt(3, row.step());
        statement.setLong(4, row.stepSince());
        statement.setInt(5, row.attempts());
        statement.setInt(6, row.made());
        statement.setLong(7, row.keep() ? owner : 0);
        bindGuard(statement, 8, row.key(), owner, row.fence());
        if (statement.executeUpdate() == 0) {
          lost.add(row);
        }
      }
    }
    return lost;
  }

  /**
   * Writes attempts. Those that are there already do no harm: a commit whose answer was lost is
   * made again, and a node that took a delivery over may have numbered its own attempts alike.
   */
  void insertAttempts(Connection connection, List<AttemptRow> attempts) throws SQLException {
    String sql =
        insertAttempt(
            tables.attempt() + " (id, number, " + AttemptCodec.COLUMNS + ")",
            "VALUES (" + marks(2 + AttemptCodec.COLUMN_COUNT) + ")");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (AttemptRow row : attempts) {
        statement.setBytes(1, row.key());
        statement.setInt(2, row.number());
        AttemptCodec.bind(statement, 3, row.attempt());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Returns how to insert an attempt unless it is there. */
  abstract String insertAttempt(String columns, String values);

  /** Where rows of the history lie that are not dropped together. */
  String looseHistory() {
    return tables.history();
  }

  /** Records that an attempt which must not be repeated begins; false if it is not ours. */
  boolean mark(Connection connection, byte[] key, int fence, long owner) throws SQLException {
    String sql =
        "UPDATE " + tables.queue() + " SET mark = 1 WHERE id = ? AND owner = ? AND fence = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindGuard(statement, 1, key, owner, fence);
      return statement.executeUpdate() == 1;
    }
  }

  // --- Giving rows back -------------------------------------------------------------------------

  /** Frees rows that a node holds; at most {@code limit}. Returns how many. */
  final int freeOwnedBy(Connection connection, long owner, int limit) throws SQLException {
    useIndexes(connection);
    String sql =
        "SELECT id FROM "
            + tables.queue()
            + " WHERE "
            + owned()
            + " ORDER BY "
            + orderOfOwned()
            + " LIMIT ?";
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, owner);
      statement.setInt(2, limit);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          keys.add(result.getBytes(1));
        }
      }
    }
    return keys.isEmpty() ? 0 : free(connection, keys, owner);
  }

  /** Which rows an owner holds. */
  String owned() {
    return "owner = ?";
  }

  /** The order of the index by which the rows of an owner are found. */
  String orderOfOwned() {
    return orderOfFree();
  }

  /** Frees these rows as far as the node still holds them. */
  int free(Connection connection, Collection<byte[]> keys, long owner) throws SQLException {
    useIndexes(connection);
    String sql =
        "UPDATE "
            + tables.queue()
            + byKeys()
            + " SET owner = 0, fence = fence + 1 WHERE owner = ? AND id IN ("
            + marks(padded(keys.size()))
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, owner);
      bindPadded(statement, 2, keys.stream().sorted(Arrays::compareUnsigned).toList());
      return statement.executeUpdate();
    }
  }

  // --- By what else a row is found --------------------------------------------------------------

  /** Sees to it that a settled row is found by its next state, before it has it. */
  void willBe(Connection connection, byte[] key, DeliveryStatus status) throws SQLException {}

  /** Forgets by what else rows are found that are about to go. */
  void forgetLookups(Connection connection, List<byte[]> keys) throws SQLException {}

  /**
   * Returns keys of rows that were settled before a time, in epoch milliseconds.
   *
   * @param after the last key of those that were returned before
   */
  List<byte[]> settledBefore(Connection connection, long time, byte[] after, int limit)
      throws SQLException {
    String sql = "SELECT id FROM " + looseHistory() + " WHERE settled_at < ? LIMIT ?";
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, time);
      statement.setInt(2, limit);
      Purge.readKeys(statement, keys);
    }
    keys.sort(Arrays::compareUnsigned);
    return keys;
  }

  // --- The clock --------------------------------------------------------------------------------

  final long now(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT " + nowMillis() + oneRow())) {
      result.next();
      return result.getLong(1);
    }
  }

  /** What follows a select without a table, if anything must. */
  String oneRow() {
    return "";
  }

  // --- Small things -----------------------------------------------------------------------------

  static void setLong(PreparedStatement statement, int index, @Nullable Long value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.BIGINT);
    } else {
      statement.setLong(index, value);
    }
  }

  /** The statements that a database keeps prepared are few if lists have few lengths. */
  static int padded(int size) {
    int length = 8;
    while (length < size) {
      length *= 4;
    }
    return length;
  }

  static String marks(int count) {
    return "?" + ", ?".repeat(count - 1);
  }

  /** Fills a padded list; the last key is repeated. */
  static int bindPadded(PreparedStatement statement, int first, List<byte[]> keys)
      throws SQLException {
    int length = padded(keys.size());
    for (int i = 0; i < length; i++) {
      statement.setBytes(first + i, keys.get(Math.min(i, keys.size() - 1)));
    }
    return first + length;
  }
}
