package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** A connection at work on the tables. */
final class SchemaSession implements AutoCloseable {
  /** New indexes of big tables take their time; without any bound a dead server would hang us. */
  private static final Duration LONGEST_STATEMENT = Duration.ofHours(2);

  private final DataSource dataSource;
  private final TablePrefix prefix;
  private final Connection connection;
  private final boolean hadAutoCommit;
  private final int hadTimeout;
  private final DatabaseKind kind;
  private final SchemaHistory history;
  private final List<SchemaScript> scripts;

  SchemaSession(DataSource dataSource, TablePrefix prefix) throws SQLException {
    this.dataSource = dataSource;
    this.prefix = prefix;
    this.connection = dataSource.getConnection();
    try {
      this.kind = DatabaseKind.of(connection);
      this.hadAutoCommit = connection.getAutoCommit();
      this.hadTimeout = setTimeout((int) LONGEST_STATEMENT.toMillis());
      connection.setAutoCommit(true);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
    this.history = new SchemaHistory(kind, prefix);
    this.scripts = SchemaScript.all(kind);
  }

  private int setTimeout(int millis) throws SQLException {
    try {
      int before = connection.getNetworkTimeout();
      connection.setNetworkTimeout(Runnable::run, millis);
      return before;
    } catch (SQLFeatureNotSupportedException e) {
      return 0;
    }
  }

  /** Returns all versions, known here or recorded there, oldest first. */
  List<SchemaVersion> versions() throws SQLException {
    Map<Integer, SchemaHistory.Row> rows = history.read(connection);
    List<SchemaVersion> versions = new ArrayList<>();
    for (SchemaScript script : scripts) {
      versions.add(SchemaVersion.known(script, rows.remove(script.version())));
    }
    rows.values().forEach(row -> versions.add(SchemaVersion.unknown(row)));
    versions.sort(Comparator.comparing(SchemaVersion::number));
    return List.copyOf(versions);
  }

  /** Does something while no other node changes the tables. On PostgreSQL it is done in whole. */
  <T> T locked(Duration patience, Work<T> work) throws SQLException {
    SchemaLock lock = lock(patience);
    try (lock) {
      history.create(connection);
      T result = work.run(this);
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
      return result;
    }
  }

  private SchemaLock lock(Duration patience) throws SQLException {
    return switch (kind) {
      case H2 -> {
        createForLock();
        yield SchemaLock.ofRow(dataSource, history, patience);
      }
      case POSTGRESQL -> {
        String name = lockName();
        connection.setAutoCommit(false);
        // After the wait, what the other node did must be seen.
        execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
        yield SchemaLock.ofTransaction(connection, name, patience);
      }
      case MARIADB -> SchemaLock.ofSession(connection, lockName(), patience);
    };
  }

  /** Two nodes may do this at once: the second one finds each step done. */
  private void createForLock() throws SQLException {
    String row =
        "INSERT INTO %1$s SELECT 0, 'lock', '-', 0, 0, 1"
            + " WHERE NOT EXISTS (SELECT 1 FROM %1$s WHERE version = 0)";
    unlessDone("42S01", history.createStatement());
    unlessDone("23505", row.formatted(history.table()));
  }

  private void unlessDone(String stateIfDone, String sql) throws SQLException {
    try {
      execute(sql);
    } catch (SQLException e) {
      if (!stateIfDone.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private String lockName() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT " + kind.currentSchema())) {
      String schema = result.next() ? result.getString(1) : null;
      if (schema == null) {
        throw new ConfigurationException(
            "the connection has no "
                + (kind == DatabaseKind.POSTGRESQL ? "schema" : "database")
                + " selected, so there is no place for the tables "
                + prefix
                + ": name one in the URL");
      }
      return schema + "." + history.table();
    }
  }

  /** Installs what is pending; returns how many versions that were. */
  int migrate() throws SQLException {
    int done = 0;
    for (SchemaVersion version : versions()) {
      if (version.state() == SchemaVersion.State.PENDING) {
        install(script(version));
        done++;
      }
    }
    return done;
  }

  private void install(SchemaScript script) throws SQLException {
    long start = System.nanoTime();
    history.begin(connection, script);
    run(script, script.up(), "up");
    history.finish(connection, script, Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  /** Removes all versions above one, newest first, with what is in their tables. */
  void rollback(int toVersion) throws SQLException {
    List<SchemaVersion> versions = new ArrayList<>(versions());
    versions.sort(Comparator.comparing(SchemaVersion::number).reversed());
    for (SchemaVersion version : versions) {
      if (version.number() > toVersion && version.state() != SchemaVersion.State.PENDING) {
        remove(script(version));
      }
    }
  }

  private void remove(SchemaScript script) throws SQLException {
    history.reopen(connection, script);
    run(script, script.down(), "down");
    history.remove(connection, script);
  }

  private SchemaScript script(SchemaVersion version) {
    return scripts.get(version.number() - 1);
  }

  private void run(SchemaScript script, String text, String direction) throws SQLException {
    for (String sql : SqlStatements.of(prefix.fill(text))) {
      try {
        execute(sql);
      } catch (SQLException e) {
        throw new StoreException(broken(script, direction, sql, e), e);
      }
    }
  }

  private String broken(SchemaScript script, String direction, String sql, SQLException e) {
    String what =
        "%s of the tables %s failed on its way %s, at \"%s\": %s"
            .formatted(
                script, prefix, direction, sql.lines().findFirst().orElse(""), e.getMessage());
    return kind == DatabaseKind.POSTGRESQL
        ? what + "; nothing was changed: mend the cause, then start again"
        : what
            + "; part of it is done: mend the cause, run JdbcSchema.rollback("
            + (script.version() - 1)
            + "), then start again";
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Gives the connection back as it was. */
  @Override
  public void close() throws SQLException {
    try (connection) {
      if (!connection.getAutoCommit()) {
        connection.rollback();
      }
      connection.setAutoCommit(hadAutoCommit);
      setTimeout(hadTimeout);
    }
  }

  interface Work<T> {
    T run(SchemaSession session) throws SQLException;
  }
}
