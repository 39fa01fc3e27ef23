package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.Priority;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** PostgreSQL: many rows in one statement as arrays, and moved without a way through here. */
final class PostgresDialect extends Dialect {
  PostgresDialect(Tables tables, boolean keepsContent) {
    super(tables, keepsContent);
  }

  /** The name of the channel of LISTEN and NOTIFY. */
  static String channel(Tables tables) {
    return tables.queue();
  }

  @Override
  String nowMillis() {
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
  }

  @Override
  void notifyFreeRows(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("NOTIFY " + channel(tables));
    }
  }

  @Override
  String looseHistory() {
    return tables.history() + "_rest";
  }

  @Override
  String orderOfOwned() {
    return "owner";
  }

  // --- Accept -----------------------------------------------------------------------------------

  @Override
  void insert(Connection connection, List<QueueRow> rows, long owner) throws SQLException {
    String sql =
        "INSERT INTO "
            + tables.queue()
            + " ("
            + QUEUE_COLUMNS
            + ") SELECT id, due, priority, ?, ?, lane, step, step_since, 0, 0, 0, accepted_at,"
            + " recipient, correlation, envelope, content FROM unnest(?::bytea[], ?::bigint[],"
            + " ?::smallint[], ?::text[], ?::smallint[], ?::bigint[], ?::bigint[], ?::bigint[],"
            + " ?::bigint[], ?::bytea[], ?::bytea[]) u (id, due, priority, lane, step, step_since,"
            + " accepted_at, recipient, correlation, envelope, content)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, owner);
      statement.setInt(2, owner == 0 ? 0 : 1);
      Columns<QueueRow> columns = new Columns<>(connection, statement, 3, rows);
      columns.add("bytea", byte[][]::new, QueueRow::key);
      columns.add("int8", Long[]::new, row -> row.delivery().due().toEpochMilli());
      columns.add("int2", Short[]::new, row -> Codes.of(row.delivery().priority()));
      columns.add("text", String[]::new, row -> row.delivery().channel().value());
      columns.add("int2", Short[]::new, row -> (short) row.delivery().position());
      columns.add("int8", Long[]::new, row -> row.delivery().positionSince().toEpochMilli());
      columns.add("int8", Long[]::new, row -> row.delivery().acceptedAt().toEpochMilli());
      columns.add("int8", Long[]::new, QueueRow::recipient);
      columns.add("int8", Long[]::new, QueueRow::correlation);
      columns.add("bytea", byte[][]::new, QueueRow::envelope);
      columns.add("bytea", byte[][]::new, QueueRow::content);
      statement.executeUpdate();
    }
  }

  @Override
  String upsertDedup() {
    return "INSERT INTO "
        + tables.dedup()
        + " AS d (key_hash, id, expires_at) VALUES (?, ?, ?) ON CONFLICT (key_hash) DO UPDATE SET"
        + " id = EXCLUDED.id, expires_at = EXCLUDED.expires_at WHERE d.expires_at <= ?";
  }

  // --- Claim ------------------------------------------------------------------------------------

  @Override
  List<ClaimedRow> claim(
      Connection connection, String lane, Priority priority, long dueUntil, int limit, long owner)
      throws SQLException {
    // Materialized, or the limit may be passed by (Oban issue 4).
    String sql =
        "WITH k AS MATERIALIZED (SELECT id FROM "
            + tables.queue()
            + " WHERE owner = 0 AND lane = ? AND priority = ? AND due <= ?"
            + " ORDER BY due, id LIMIT ? FOR UPDATE SKIP LOCKED) UPDATE "
            + tables.queue()
            + " q SET owner = ?, fence = q.fence + 1 FROM k WHERE q.id = k.id RETURNING "
            + ClaimedRow.COLUMNS_OF_Q;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, lane);
      statement.setShort(2, Codes.of(priority));
      statement.setLong(3, dueUntil);
      statement.setInt(4, limit);
      statement.setLong(5, owner);
      return readClaimed(statement, 0);
    }
  }

  // --- Settle -----------------------------------------------------------------------------------

  @Override
  List<FinalRow> finish(Connection connection, List<FinalRow> rows, long owner)
      throws SQLException {
    String sql =
        "WITH d AS (DELETE FROM "
            + tables.queue()
            + " q USING unnest(?::bytea[], ?::int[], ?::bigint[], ?::text[], ?::smallint[],"
            + " ?::int[], ?::int[], ?::smallint[], ?::text[], ?::bigint[], ?::int[], ?::text[]) u"
            + " (id, fence, settled_at, lane, step, attempts, made, status, reason, started_at,"
            + " latency, provider_id) WHERE q.id = u.id AND q.owner = ? AND q.fence = u.fence"
            + " RETURNING q.id, u.settled_at, q.accepted_at, q.priority, u.lane, u.step,"
            + " u.attempts, u.made, u.status, u.reason, u.started_at, u.latency, u.provider_id,"
            + " q.recipient, q.correlation, q.envelope, "
            + content("q.content")
            + (keepsContent ? "" : " AS content")
            + ") INSERT INTO "
            + tables.history()
            + " ("
            + HISTORY_COLUMNS
            + ") SELECT "
            + HISTORY_COLUMNS.replace("content", keepsContent ? "content" : "NULL")
            + " FROM d";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Columns<FinalRow> columns = new Columns<>(connection, statement, 1, rows);
      columns.add("bytea", byte[][]::new, FinalRow::key);
      columns.add("int4", Integer[]::new, FinalRow::fence);
      columns.add("int8", Long[]::new, FinalRow::settledAt);
      columns.add("text", String[]::new, FinalRow::lane);
      columns.add("int2", Short[]::new, row -> (short) row.step());
      columns.add("int4", Integer[]::new, FinalRow::attempts);
      columns.add("int4", Integer[]::new, FinalRow::made);
      columns.add("int2", Short[]::new, row -> Codes.of(row.status()));
      columns.add("text", String[]::new, FinalRow::reason);
      columns.add("int8", Long[]::new, FinalRow::startedAt);
      columns.add("int4", Integer[]::new, FinalRow::latency);
      columns.add("text", String[]::new, FinalRow::providerId);
      statement.setLong(columns.next(), owner);
      return statement.executeUpdate() == rows.size()
          ? List.of()
          : missingInHistory(connection, rows);
    }
  }

  private List<FinalRow> missingInHistory(Connection connection, List<FinalRow> rows)
      throws SQLException {
    Set<String> there = new HashSet<>();
    String sql = "SELECT encode(id, 'hex') FROM " + tables.history() + " WHERE id = ANY (?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      new Columns<>(connection, statement, 1, rows).add("bytea", byte[][]::new, FinalRow::key);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          there.add(result.getString(1));
        }
      }
    }
    List<FinalRow> missing = new ArrayList<>(rows);
    missing.removeIf(row -> there.contains(java.util.HexFormat.of().formatHex(row.key())));
    return missing;
  }

  @Override
  List<WaitingRow> requeue(Connection connection, List<WaitingRow> rows, long owner)
      throws SQLException {
    String sql =
        "UPDATE "
            + tables.queue()
            + " q SET due = u.due, lane = u.lane, step = u.step, step_since = u.step_since,"
            + " attempts = u.attempts, made = u.made, mark = 0, owner = u.owner FROM"
            + " unnest(?::bytea[], ?::int[], ?::bigint[], ?::text[], ?::smallint[], ?::bigint[],"
            + " ?::int[], ?::int[], ?::bigint[]) u (id, fence, due, lane, step, step_since,"
            + " attempts, made, owner) WHERE q.id = u.id AND q.owner = ? AND q.fence = u.fence"
            + " RETURNING encode(q.id, 'hex')";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Columns<WaitingRow> columns = new Columns<>(connection, statement, 1, rows);
      columns.add("bytea", byte[][]::new, WaitingRow::key);
      columns.add("int4", Integer[]::new, WaitingRow::fence);
      columns.add("int8", Long[]::new, WaitingRow::due);
      columns.add("text", String[]::new, WaitingRow::lane);
      columns.add("int2", Short[]::new, row -> (short) row.step());
      columns.add("int8", Long[]::new, WaitingRow::stepSince);
      columns.add("int4", Integer[]::new, WaitingRow::attempts);
      columns.add("int4", Integer[]::new, WaitingRow::made);
      columns.add("int8", Long[]::new, row -> row.keep() ? owner : 0L);
      statement.setLong(columns.next(), owner);
      Set<String> changed = new HashSet<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          changed.add(result.getString(1));
        }
      }
      List<WaitingRow> lost = new ArrayList<>(rows);
      lost.removeIf(row -> changed.contains(java.util.HexFormat.of().formatHex(row.key())));
      return lost;
    }
  }

  @Override
  String insertAttempt(String columns, String values) {
    return "INSERT INTO " + columns + " " + values + " ON CONFLICT (id, number) DO NOTHING";
  }

  @Override
  void insertAttempts(Connection connection, List<AttemptRow> attempts) throws SQLException {
    String sql =
        insertAttempt(
            tables.attempt() + " (id, number, " + AttemptCodec.COLUMNS + ")",
            "SELECT * FROM unnest(?::bytea[], ?::int[], ?::text[], ?::int[], ?::bigint[],"
                + " ?::int[], ?::smallint[], ?::text[], ?::text[], ?::bigint[], ?::bigint[])");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Columns<AttemptRow> columns = new Columns<>(connection, statement, 1, attempts);
      columns.add("bytea", byte[][]::new, AttemptRow::key);
      columns.add("int4", Integer[]::new, AttemptRow::number);
      addReport(columns);
      statement.executeUpdate();
    }
  }

  private static void addReport(Columns<AttemptRow> columns) throws SQLException {
    Function<AttemptRow, AttemptReport> report = AttemptRow::attempt;
    columns.add("text", String[]::new, report.andThen(a -> a.channel().value()));
    columns.add("int4", Integer[]::new, report.andThen(AttemptReport::number));
    columns.add("int8", Long[]::new, report.andThen(a -> a.startedAt().toEpochMilli()));
    columns.add("int4", Integer[]::new, report.andThen(AttemptCodec::latency));
    columns.add("int2", Short[]::new, report.andThen(a -> AttemptCodec.kind(a.result())));
    columns.add("text", String[]::new, report.andThen(a -> ColumnText.reason(a.result().reason())));
    columns.add("text", String[]::new, report.andThen(a -> AttemptCodec.providerId(a.result())));
    columns.add("int8", Long[]::new, report.andThen(a -> AttemptCodec.retryAfter(a.result())));
    columns.add(
        "int8",
        Long[]::new,
        report.andThen(a -> a.nextAttempt().map(next -> next.toEpochMilli()).orElse(null)));
  }

  /** Binds one array per column. */
  private static final class Columns<R> {
    private final Connection connection;
    private final PreparedStatement statement;
    private final List<R> rows;
    private int next;

    Columns(Connection connection, PreparedStatement statement, int first, List<R> rows) {
      this.connection = connection;
      this.statement = statement;
      this.next = first;
      this.rows = rows;
    }

    <T> void add(String type, java.util.function.IntFunction<T[]> array, Function<R, T> column)
        throws SQLException {
      T[] values = array.apply(rows.size());
      for (int i = 0; i < values.length; i++) {
        values[i] = column.apply(rows.get(i));
      }
      Array bound = connection.createArrayOf(type, values);
      statement.setArray(next++, bound);
    }

    int next() {
      return next;
    }
  }
}
