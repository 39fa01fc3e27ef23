package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** A database that a test has for itself, and what a JVM started by the test needs to reach it. */
final class EmptyDatabase implements AutoCloseable {
  private final String url;
  private final String user;
  private final String password;
  private final DataSource dataSource;
  private final Removal removal;

  EmptyDatabase(String url, String user, String password, DataSource dataSource, Removal removal) {
    this.url = url;
    this.user = user;
    this.password = password;
    this.dataSource = dataSource;
    this.removal = removal;
  }

  String url() {
    return url;
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** A connection of its own at every call: no pool. */
  DataSource dataSource() {
    return dataSource;
  }

  /** Runs statements, each in a transaction of its own. */
  void execute(String... statements) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Removes the database, whoever is still connected. */
  @Override
  public void close() throws SQLException {
    removal.run();
  }

  interface Removal {
    void run() throws SQLException;
  }
}
