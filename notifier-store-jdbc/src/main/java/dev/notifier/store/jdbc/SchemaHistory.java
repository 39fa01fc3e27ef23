package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** The table that tells which versions of the schema are installed. */
final class SchemaHistory {
  private final DatabaseKind kind;
  private final String table;

  SchemaHistory(DatabaseKind kind, TablePrefix prefix) {
    this.kind = kind;
    this.table = prefix.text() + "schema_history";
  }

  String table() {
    return table;
  }

  String createStatement() {
    return """
    CREATE TABLE IF NOT EXISTS %s (
      version      INTEGER      NOT NULL PRIMARY KEY,
      description  VARCHAR(200) NOT NULL,
      checksum     VARCHAR(64)  NOT NULL,
      installed_at BIGINT       NOT NULL,
      execution_ms BIGINT       NOT NULL,
      success      SMALLINT     NOT NULL -- 0: begun
    )%s"""
        .formatted(table, kind.tableOptions());
  }

  /** For hosts that run the scripts with a tool of their own. */
  String insertStatement(SchemaScript script) {
    return "INSERT INTO %s VALUES (%d, '%s', '%s', %s, 0, 1)"
        .formatted(
            table, script.version(), script.description(), script.checksum(), kind.nowMillis());
  }

  String deleteStatement(SchemaScript script) {
    return "DELETE FROM %s WHERE version = %d".formatted(table, script.version());
  }

  void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(createStatement());
    }
  }

  /** Returns the rows by version; none if there is no table. */
  Map<Integer, Row> read(Connection connection) throws SQLException {
    Map<Integer, Row> rows = new TreeMap<>();
    if (exists(connection)) {
      String sql =
          "SELECT version, description, checksum, installed_at, execution_ms, success FROM "
              + table
              + " WHERE version > 0";
      try (PreparedStatement select = connection.prepareStatement(sql);
          ResultSet result = select.executeQuery()) {
        while (result.next()) {
          rows.put(result.getInt(1), row(result));
        }
      }
    }
    return rows;
  }

  private boolean exists(Connection connection) throws SQLException {
    String sql =
        "SELECT 1 FROM information_schema.tables WHERE LOWER(table_name) = ? AND table_schema = "
            + kind.currentSchema();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, table);
      try (ResultSet result = select.executeQuery()) {
        return result.next();
      }
    }
  }

  private static Row row(ResultSet result) throws SQLException {
    return new Row(
        result.getInt(1),
        result.getString(2),
        result.getString(3),
        result.getLong(4),
        result.getLong(5),
        result.getInt(6) == 1);
  }

  /** Notes that a version is begun, for the databases whose DDL is not part of a transaction. */
  void begin(Connection connection, SchemaScript script) throws SQLException {
    String sql = "INSERT INTO " + table + " VALUES (?, ?, ?, " + kind.nowMillis() + ", 0, 0)";
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setInt(1, script.version());
      insert.setString(2, script.description());
      insert.setString(3, script.checksum());
      insert.executeUpdate();
    }
  }

  void finish(Connection connection, SchemaScript script, long millis) throws SQLException {
    String sql = "UPDATE " + table + " SET success = 1, execution_ms = ? WHERE version = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, millis);
      update.setInt(2, script.version());
      update.executeUpdate();
    }
  }

  /** Notes that a version is being removed. */
  void reopen(Connection connection, SchemaScript script) throws SQLException {
    update(connection, "UPDATE " + table + " SET success = 0 WHERE version = " + script.version());
  }

  void remove(Connection connection, SchemaScript script) throws SQLException {
    update(connection, deleteStatement(script));
  }

  private static void update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /**
   * A version as it is recorded.
   *
   * @param installedAt epoch milliseconds on the database's clock
   */
  record Row(
      int version,
      String description,
      String checksum,
      long installedAt,
      long executionMillis,
      boolean success) {}
}
