package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/**
 * A connection on loan: a server that falls silent is noticed after the time-out. At the end the
 * connection gets back the time-out that it had, since not every pool sees to that.
 */
final class OpenConnection implements AutoCloseable {
  private final Connection connection;
  private final int timeoutBefore;

  private OpenConnection(Connection connection, int timeoutBefore) {
    this.connection = connection;
    this.timeoutBefore = timeoutBefore;
  }

  static OpenConnection of(Connection connection, int timeoutMillis) throws SQLException {
    try {
      int before = connection.getNetworkTimeout();
      if (before == 0 || before > timeoutMillis) {
        connection.setNetworkTimeout(Runnable::run, timeoutMillis);
      }
      return new OpenConnection(connection, before);
    } catch (SQLFeatureNotSupportedException e) {
      return new OpenConnection(connection, -1);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Connection jdbc() {
    return connection;
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (timeoutBefore >= 0 && !connection.isClosed()) {
        connection.setNetworkTimeout(Runnable::run, timeoutBefore);
      }
    }
  }
}
