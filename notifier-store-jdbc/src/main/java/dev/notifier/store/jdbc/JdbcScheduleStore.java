package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.LastRun;
import dev.notifier.StoreException;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import dev.notifier.spi.Submission;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps schedules in a table. A change compares the version, so that of all nodes that come to a
 * run one makes it; its notification is inserted in the same transaction. Thread-safe.
 */
final class JdbcScheduleStore implements ScheduleStore {
  private static final String COLUMNS =
      "version, state, next_run, runs, last_run, last_id, last_problem, definition, name";
  private static final int COUNT = 9;

  private final Questions questions;
  private final String table;
  private final Payloads payloads;
  private final Runs runs;

  /** Takes the notification of a run in one transaction with the decision that it is to be made. */
  interface Runs {
    boolean acceptIf(HeldConnection.Work<Boolean> decision, Submission run) throws SQLException;
  }

  JdbcScheduleStore(Questions questions, Tables tables, Payloads payloads, Runs runs) {
    this.questions = questions;
    this.table = tables.schedule();
    this.payloads = payloads;
    this.runs = runs;
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Override
  public Optional<StoredSchedule> find(String name) {
    return select(" WHERE name = ?", statement -> statement.setString(1, name)).stream()
        .findFirst()
        .map(this::read);
  }

  @Override
  public List<StoredSchedule> list(String after, int limit) {
    return select(
            " WHERE name > ? ORDER BY name LIMIT ?",
            statement -> {
              statement.setString(1, after);
              statement.setInt(2, limit);
            })
        .stream()
        .map(this::read)
        .toList();
  }

  /** One that cannot be read must not hold up the others. */
  @Override
  public List<StoredSchedule> due(Instant now, int limit) {
    List<Row> rows =
        select(
            " WHERE next_run <= ? ORDER BY next_run LIMIT ?",
            statement -> {
              statement.setLong(1, now.toEpochMilli());
              statement.setInt(2, limit);
            });
    List<StoredSchedule> due = new ArrayList<>(rows.size());
    StoreException failure = null;
    for (Row row : rows) {
      try {
        due.add(read(row));
      } catch (StoreException e) {
        failure = e;
      }
    }
    if (due.isEmpty() && failure != null) {
      throw failure;
    }
    return due;
  }

  @Override
  public Optional<Instant> nextDue() {
    return questions.ask(
        "look for the next schedule",
        connection -> {
          String sql = "SELECT MIN(next_run) FROM " + table;
          try (PreparedStatement select = connection.prepareStatement(sql);
              ResultSet result = select.executeQuery()) {
            return result.next() ? Optional.ofNullable(time(result, 1)) : Optional.<Instant>empty();
          }
        });
  }

  private interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /** A row as it is, so that one that is damaged can be told from the others. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Row(
      String name,
      long version,
      int state,
      @Nullable Instant nextRun,
      long runs,
      Optional<LastRun> lastRun,
      byte[] definition) {}

  private List<Row> select(String which, Binding values) {
    return questions.ask(
        "look for schedules",
        connection -> {
          String sql = "SELECT " + COLUMNS + " FROM " + table + which;
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            values.bind(select);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = select.executeQuery()) {
              while (result.next()) {
                rows.add(row(result));
              }
            }
            return rows;
          }
        });
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString(9),
        row.getLong(1),
        row.getInt(2),
        time(row, 3),
        row.getLong(4),
        lastRun(row),
        row.getBytes(8));
  }

  private static Optional<LastRun> lastRun(ResultSet row) throws SQLException {
    Instant time = time(row, 5);
    if (time == null) {
      return Optional.empty();
    }
    Optional<NotificationId> id =
        Optional.ofNullable(row.getBytes(6)).map(DeliveryKey::notification);
    return Optional.of(new LastRun(time, id, Optional.ofNullable(row.getString(7))));
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  private StoredSchedule read(Row row) {
    byte[] definition = payloads.reveal(row.definition(), key(row.name()));
    return new StoredSchedule(
        row.version(),
        new ScheduleReport(
            ScheduleCodec.decode(row.name(), definition),
            Codes.scheduleState(row.state()),
            Optional.ofNullable(row.nextRun()),
            row.runs(),
            row.lastRun()));
  }

  /** What an encrypted definition is bound to; unlike the key of any other row. */
  static byte[] key(String name) {
    return ("schedule " + name).getBytes(StandardCharsets.UTF_8);
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Override
  public boolean insert(StoredSchedule schedule) {
    byte[] definition = definition(schedule);
    String sql =
        "INSERT INTO " + table + " (" + COLUMNS + ") VALUES (" + Dialect.marks(COUNT) + ")";
    return questions.change(
        "create a schedule",
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(sql)) {
            bind(insert, schedule, definition);
            return insert.executeUpdate() == 1;
          }
        });
  }

  @Override
  public boolean replace(StoredSchedule next) {
    byte[] definition = definition(next);
    return questions.change(
        "change a schedule", connection -> update(connection, next, definition));
  }

  @Override
  public boolean advance(StoredSchedule next, Submission run) {
    byte[] definition = definition(next);
    return questions.guarded(
        "make the run of a schedule",
        () -> runs.acceptIf(connection -> update(connection, next, definition), run));
  }

  private byte[] definition(StoredSchedule schedule) {
    return payloads.protect(
        ScheduleCodec.encode(schedule.report().schedule()), key(schedule.name()));
  }

  private boolean update(Connection connection, StoredSchedule next, byte[] definition)
      throws SQLException {
    String sql =
        "UPDATE "
            + table
            + " SET version = ?, state = ?, next_run = ?, runs = ?, last_run = ?, last_id = ?,"
            + " last_problem = ?, definition = ? WHERE name = ? AND version = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      bind(update, next, definition);
      update.setLong(COUNT + 1, next.version() - 1);
      return update.executeUpdate() == 1;
    }
  }

  private static void bind(PreparedStatement statement, StoredSchedule schedule, byte[] definition)
      throws SQLException {
    ScheduleReport report = schedule.report();
    Optional<LastRun> last = report.lastRun();
    statement.setLong(1, schedule.version());
    statement.setShort(2, Codes.of(report.state()));
    Dialect.setLong(statement, 3, report.nextRun().map(Instant::toEpochMilli).orElse(null));
    statement.setLong(4, report.runs());
    Dialect.setLong(statement, 5, last.map(run -> run.time().toEpochMilli()).orElse(null));
    statement.setBytes(6, last.flatMap(LastRun::notification).map(DeliveryKey::of).orElse(null));
    statement.setString(7, last.flatMap(LastRun::problem).map(ColumnText::reason).orElse(null));
    statement.setBytes(8, definition);
    statement.setString(9, schedule.name());
  }

  @Override
  public boolean delete(String name) {
    return questions.change(
        "delete a schedule",
        connection -> {
          String sql = "DELETE FROM " + table + " WHERE name = ?";
          try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, name);
            return delete.executeUpdate() == 1;
          }
        });
  }
}
