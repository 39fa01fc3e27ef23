package dev.notifier.store.jdbc;

import dev.notifier.StoreException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that one node at a time changes the tables. It ends with the node that holds it,
 * however that ends.
 */
interface SchemaLock extends AutoCloseable {
  @Override
  void close() throws SQLException;

  /**
   * Takes the lock of PostgreSQL for the running transaction, so that it holds behind a pooler that
   * gives every transaction another session.
   */
  static SchemaLock ofTransaction(Connection connection, String name, Duration patience)
      throws SQLException {
    String sql = "SELECT set_config('lock_timeout', ?, true)";
    try (PreparedStatement set = connection.prepareStatement(sql)) {
      set.setString(1, patience.toMillis() + "ms");
      set.execute();
    }
    try (PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
      lock.setLong(1, ByteBuffer.wrap(Sha256.of(name)).getLong());
      lock.execute();
    } catch (SQLException e) {
      throw busyOr(e, "55P03", patience);
    }
    return () -> {};
  }

  /** Takes a lock of MariaDB or MySQL. Its names are shared by all databases of a server. */
  static SchemaLock ofSession(Connection connection, String name, Duration patience)
      throws SQLException {
    String shortName = "notifier_" + Sha256.hex(name).substring(0, 40);
    try (PreparedStatement lock = connection.prepareStatement("SELECT GET_LOCK(?, ?)")) {
      lock.setString(1, shortName);
      lock.setLong(2, Math.max(1, patience.toSeconds()));
      try (ResultSet result = lock.executeQuery()) {
        if (!result.next() || result.getInt(1) != 1) {
          throw busy(patience, null);
        }
      }
    }
    return () -> {
      try (PreparedStatement release = connection.prepareStatement("DO RELEASE_LOCK(?)")) {
        release.setString(1, shortName);
        release.execute();
      }
    };
  }

  /**
   * Locks a row of H2's history table, which has to be there. On a connection of its own: every
   * change of a table would end the transaction.
   */
  static SchemaLock ofRow(DataSource dataSource, SchemaHistory history, Duration patience)
      throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      lockRow(connection, history, patience);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return () -> {
      try (connection) {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    };
  }

  private static void lockRow(Connection connection, SchemaHistory history, Duration patience)
      throws SQLException {
    connection.setAutoCommit(false);
    String sql =
        "SELECT version FROM %s WHERE version = 0 FOR UPDATE WAIT %d"
            .formatted(history.table(), Math.max(1, patience.toSeconds()));
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        throw new SQLException("row 0 of " + history.table() + " is gone: insert it again");
      }
    } catch (SQLException e) {
      connection.rollback();
      throw busyOr(e, "HYT00", patience);
    }
  }

  private static SQLException busyOr(SQLException e, String stateIfBusy, Duration patience) {
    if (stateIfBusy.equals(e.getSQLState())) {
      throw busy(patience, e);
    }
    return e;
  }

  private static StoreException busy(Duration patience, @Nullable SQLException cause) {
    return new StoreException(
        "another node is at work on the tables, and was not done after "
            + patience.toSeconds()
            + " s: see what it does, or wait longer",
        cause);
  }
}
