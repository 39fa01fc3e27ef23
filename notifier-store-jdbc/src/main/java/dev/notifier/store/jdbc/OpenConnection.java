package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * A connection on loan: a server that falls silent is noticed after the time-out, and each
 * statement commits by itself, also where the host's DataSource says otherwise. At the end the
 * connection gets back what it had, since not every pool sees to that.
 */
final class OpenConnection implements AutoCloseable {
  private final Connection connection;
  private final int timeoutBefore;
  private final boolean committedBefore;

  private OpenConnection(Connection connection, int timeoutBefore, boolean committedBefore) {
    this.connection = connection;
    this.timeoutBefore = timeoutBefore;
    this.committedBefore = committedBefore;
  }

  static OpenConnection of(Connection connection, int timeoutMillis) throws SQLException {
    try {
      int timeout = setTimeout(connection, timeoutMillis);
      boolean commits = connection.getAutoCommit();
      if (!commits) {
        connection.setAutoCommit(true);
      }
      return new OpenConnection(connection, timeout, commits);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static int setTimeout(Connection connection, int timeoutMillis) throws SQLException {
    try {
      int before = connection.getNetworkTimeout();
      if (before == 0 || before > timeoutMillis) {
        connection.setNetworkTimeout(Runnable::run, timeoutMillis);
      }
      return before;
    } catch (SQLFeatureNotSupportedException e) {
      return -1;
    }
  }

  Connection jdbc() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (connection.isClosed()) {
        return;
      }
      if (!committedBefore) {
        connection.setAutoCommit(false);
      }
      if (timeoutBefore >= 0) {
        connection.setNetworkTimeout(Runnable::run, timeoutBefore);
      }
    }
  }
}
