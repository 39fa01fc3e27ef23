package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection on loan on which each statement is a transaction: it sees the newest, and holds
 * nothing when it is done. A pool that hands out another kind gets it back as it was.
 */
final class AutoCommitting implements AutoCloseable {
  private final OpenConnection connection;
  private final boolean changed;

  AutoCommitting(OpenConnection connection) throws SQLException {
    this.connection = connection;
    try {
      this.changed = !connection.jdbc().getAutoCommit();
      if (changed) {
        connection.jdbc().setAutoCommit(true);
      }
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Connection jdbc() {
    return connection.jdbc();
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      if (changed && !connection.jdbc().isClosed()) {
        connection.jdbc().setAutoCommit(false);
      }
    }
  }
}
