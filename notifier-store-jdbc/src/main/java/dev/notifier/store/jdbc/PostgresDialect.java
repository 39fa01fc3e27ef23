package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** PostgreSQL: many rows in one statement as arrays, and moved without a way through here. */
final class PostgresDialect extends Dialect {
  PostgresDialect(Tables tables, boolean keepsContent) {
    super(tables, keepsContent);
  }

  /** The owner is no way to a row, which the planner may think of a table that it saw empty. */
  private static final String HELD = " WHERE q.id = u.id AND q.owner + 0 = ? AND q.fence = u.fence";

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

  /**
   * Makes the planner find rows by an index. On its own it scans a table that it saw empty, and
   * goes on doing so while the table grows, until statistics are made a minute later. Set for the
   * transaction only, since the connection may be one of a pool.
   */
  @Override
  void useIndexes(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off;"
              + " SET LOCAL enable_mergejoin = off");
    }
  }

  @Override
  String owned() {
    return "owner = ? AND owner <> 0"; // the index has only these
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
    Columns<QueueRow> u = new Columns<>(rows);
    u.add("id", "bytea", byte[][]::new, QueueRow::key);
    u.add("due", "int8", Long[]::new, row -> row.delivery().due().toEpochMilli());
    u.addAlike("priority", "int2", Short[]::new, row -> Codes.of(row.delivery().priority()));
    u.addAlike("lane", "text", String[]::new, row -> row.delivery().channel().value());
    u.addAlike("step", "int2", Short[]::new, row -> (short) row.delivery().position());
    u.add("step_since", "int8", Long[]::new, row -> row.delivery().positionSince().toEpochMilli());
    u.add("accepted_at", "int8", Long[]::new, row -> row.delivery().acceptedAt().toEpochMilli());
    u.add("recipient", "int8", Long[]::new, QueueRow::recipient);
    u.addAlike("correlation", "int8", Long[]::new, QueueRow::correlation);
    u.add("envelope", "bytea", byte[][]::new, QueueRow::envelope);
    u.addAlike("content", "bytea", byte[][]::new, QueueRow::content);
    String sql =
        "INSERT INTO "
            + tables.queue()
            + " ("
            + QUEUE_COLUMNS
            + ") SELECT id, due, priority, ?::int8, ?::int4, lane, step, step_since, 0, 0, 0,"
            + " accepted_at, recipient, correlation, envelope, content FROM "
            + u.sql();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, owner);
      statement.setInt(2, owner == 0 ? 0 : 1);
      u.bind(connection, statement, 3);
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

  @Override
  void claimSoon(Connection connection, List<byte[]> keys, Claims claims) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL lock_timeout = " + HELD_KEY_MILLIS);
      claims.run();
      statement.execute("SET LOCAL lock_timeout TO DEFAULT");
    } catch (SQLException e) {
      throw "55P03".equals(e.getSQLState()) ? new HeldKeyException(e) : e; // LOCK_NOT_AVAILABLE
    }
  }

  // --- Claim ------------------------------------------------------------------------------------

  @Override
  List<ClaimedRow> claim(Connection connection, FreeRange range, long owner) throws SQLException {
    useIndexes(connection);
    // Materialized, or the limit may be passed by (Oban issue 4).
    String sql =
        "WITH k AS MATERIALIZED (SELECT id FROM "
            + tables.queue()
            + " WHERE owner = 0 AND "
            + FreeRange.CONDITION
            + " ORDER BY due, id LIMIT ? FOR UPDATE SKIP LOCKED) UPDATE "
            + tables.queue()
            + " q SET owner = ?, fence = q.fence + 1 FROM k WHERE q.id = k.id RETURNING "
            + ClaimedRow.COLUMNS_OF_Q;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(range.bind(statement), owner);
      return readClaimed(statement, 0);
    }
  }

  // --- Settle -----------------------------------------------------------------------------------

  @Override
  List<FinalRow> finish(Connection connection, List<FinalRow> rows, long owner)
      throws SQLException {
    useIndexes(connection);
    Columns<FinalRow> u = new Columns<>(rows);
    u.add("id", "bytea", byte[][]::new, FinalRow::key);
    u.add("fence", "int4", Integer[]::new, FinalRow::fence);
    u.add("settled_at", "int8", Long[]::new, FinalRow::settledAt);
    u.addAlike("lane", "text", String[]::new, FinalRow::lane);
    u.addAlike("step", "int2", Short[]::new, row -> (short) row.step());
    u.addAlike("attempts", "int4", Integer[]::new, FinalRow::attempts);
    u.addAlike("made", "int4", Integer[]::new, FinalRow::made);
    u.addAlike("status", "int2", Short[]::new, row -> Codes.of(row.status()));
    u.addAlike("reason", "text", String[]::new, FinalRow::reason);
    u.add("started_at", "int8", Long[]::new, FinalRow::startedAt);
    u.add("latency", "int4", Integer[]::new, FinalRow::latency);
    u.addAlike("provider_id", "text", String[]::new, FinalRow::providerId);
    String sql =
        "WITH d AS (DELETE FROM "
            + tables.queue()
            + " q USING "
            + u.sql()
            + HELD
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
      statement.setLong(u.bind(connection, statement, 1), owner);
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
      byte[][] keys = rows.stream().map(FinalRow::key).toArray(byte[][]::new);
      statement.setArray(1, connection.createArrayOf("bytea", keys));
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          there.add(result.getString(1));
        }
      }
    }
    List<FinalRow> missing = new ArrayList<>(rows);
    missing.removeIf(row -> there.contains(HexFormat.of().formatHex(row.key())));
    return missing;
  }

  @Override
  List<WaitingRow> requeue(Connection connection, List<WaitingRow> rows, long owner)
      throws SQLException {
    useIndexes(connection);
    Columns<WaitingRow> u = new Columns<>(rows);
    u.add("id", "bytea", byte[][]::new, WaitingRow::key);
    u.add("fence", "int4", Integer[]::new, WaitingRow::fence);
    u.add("due", "int8", Long[]::new, WaitingRow::due);
    u.addAlike("lane", "text", String[]::new, WaitingRow::lane);
    u.addAlike("step", "int2", Short[]::new, row -> (short) row.step());
    u.add("step_since", "int8", Long[]::new, WaitingRow::stepSince);
    u.addAlike("attempts", "int4", Integer[]::new, WaitingRow::attempts);
    u.addAlike("made", "int4", Integer[]::new, WaitingRow::made);
    u.addAlike("owner", "int8", Long[]::new, row -> row.keep() ? owner : 0L);
    String sql =
        "UPDATE "
            + tables.queue()
            + " q SET due = u.due, lane = u.lane, step = u.step, step_since = u.step_since,"
            + " attempts = u.attempts, made = u.made, mark = 0, owner = u.owner FROM "
            + u.sql()
            + HELD
            + " RETURNING encode(q.id, 'hex')";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(u.bind(connection, statement, 1), owner);
      Set<String> changed = new HashSet<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          changed.add(result.getString(1));
        }
      }
      List<WaitingRow> lost = new ArrayList<>(rows);
      lost.removeIf(row -> changed.contains(HexFormat.of().formatHex(row.key())));
      return lost;
    }
  }

  @Override
  String insertAttempt(String columns, String values) {
    return "INSERT INTO " + columns + " " + values + " ON CONFLICT (id, number) DO NOTHING";
  }

  @Override
  void insertAttempts(Connection connection, List<AttemptRow> attempts) throws SQLException {
    Function<AttemptRow, AttemptReport> report = AttemptRow::attempt;
    Columns<AttemptRow> u = new Columns<>(attempts);
    u.add("id", "bytea", byte[][]::new, AttemptRow::key);
    u.add("number", "int4", Integer[]::new, AttemptRow::number);
    u.add("lane", "text", String[]::new, report.andThen(a -> a.channel().value()));
    u.add("lane_number", "int4", Integer[]::new, report.andThen(AttemptReport::number));
    u.add("started_at", "int8", Long[]::new, report.andThen(a -> a.startedAt().toEpochMilli()));
    u.add("latency", "int4", Integer[]::new, report.andThen(AttemptCodec::latency));
    u.add("result", "int2", Short[]::new, report.andThen(a -> AttemptCodec.kind(a.result())));
    u.add(
        "reason",
        "text",
        String[]::new,
        report.andThen(a -> ColumnText.reason(a.result().reason())));
    u.add(
        "provider_id",
        "text",
        String[]::new,
        report.andThen(a -> AttemptCodec.providerId(a.result())));
    u.add(
        "retry_after",
        "int8",
        Long[]::new,
        report.andThen(a -> AttemptCodec.retryAfter(a.result())));
    u.add(
        "next_due",
        "int8",
        Long[]::new,
        report.andThen(a -> a.nextAttempt().map(next -> next.toEpochMilli()).orElse(null)));
    String sql =
        insertAttempt(
            tables.attempt() + " (id, number, " + AttemptCodec.COLUMNS + ")",
            "SELECT id, number, " + AttemptCodec.COLUMNS + " FROM " + u.sql());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      u.bind(connection, statement, 1);
      statement.executeUpdate();
    }
  }

  /**
   * Rows as a table {@code u} of parameters: an array for each column, or a single value where all
   * rows have the same, which costs the database nothing per row.
   */
  private static final class Columns<R> {
    /** Below it, nothing is won, and the statement stays the same from one call to the next. */
    private static final int MANY = 16;

    private final List<R> rows;
    private final StringJoiner selected = new StringJoiner(", ");
    private final StringJoiner arrays = new StringJoiner(", ");
    private final StringJoiner names = new StringJoiner(", ");
    private final List<@Nullable Object> single = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private final List<@Nullable Object[]> values = new ArrayList<>();

    Columns(List<R> rows) {
      this.rows = rows;
    }

    <T> void add(String name, String type, IntFunction<T[]> array, Function<R, T> column) {
      addArray(name, type, valuesOf(array, column));
    }

    /** Adds a column of which all rows often have the same value. */
    <T> void addAlike(String name, String type, IntFunction<T[]> array, Function<R, T> column) {
      T[] all = valuesOf(array, column);
      if (all.length < MANY || !areAlike(all)) {
        addArray(name, type, all);
        return;
      }
      selected.add("?::" + type + " AS " + name);
      single.add(all[0]);
    }

    private <T> T[] valuesOf(IntFunction<T[]> array, Function<R, T> column) {
      T[] all = array.apply(rows.size());
      for (int i = 0; i < all.length; i++) {
        all[i] = column.apply(rows.get(i));
      }
      return all;
    }

    private static boolean areAlike(@Nullable Object[] all) {
      for (Object each : all) {
        if (!Objects.equals(each, all[0])) {
          return false;
        }
      }
      return true;
    }

    private void addArray(String name, String type, @Nullable Object[] all) {
      selected.add("a." + name);
      arrays.add("?::" + type + "[]");
      names.add(name);
      types.add(type);
      values.add(all);
    }

    String sql() {
      return "(SELECT " + selected + " FROM unnest(" + arrays + ") a (" + names + ")) u";
    }

    /** Binds everything; returns the index after the last. */
    int bind(Connection connection, PreparedStatement statement, int first) throws SQLException {
      int next = first;
      for (Object value : single) {
        statement.setObject(next++, value);
      }
      for (int i = 0; i < types.size(); i++) {
        statement.setArray(next++, connection.createArrayOf(types.get(i), values.get(i)));
      }
      return next;
    }
  }
}
