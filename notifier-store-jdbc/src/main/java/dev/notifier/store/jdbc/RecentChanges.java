package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Reads the rows of a table that have changed since the last time, all of them at first. Used by
 * one thread.
 */
final class RecentChanges {
  /** Rows of transactions that began earlier may become visible later: of most within this. */
  private static final long OVERLAP_MILLIS = 5_000;

  /** Of all within this; so much is read again every now and then only. */
  private static final long LONG_OVERLAP_MILLIS = 30_000;

  private static final int LONG_EVERY = 10;
  private static final int FETCH_SIZE = 1000; // or a driver holds the whole table in memory

  private final String sql;
  private long readUntil;
  private int round;

  /** Creates it for columns of a table that has a column {@code changed_at} and an index on it. */
  RecentChanges(String columns, String table) {
    sql =
        "SELECT changed_at, "
            + columns
            + " FROM "
            + table
            + " WHERE changed_at >= ? ORDER BY changed_at";
  }

  /** Sees a row, whose columns begin at 2. */
  interface Visitor {
    void see(ResultSet row) throws SQLException;
  }

  void read(Connection connection, Visitor visitor) throws SQLException {
    long overlap = round % LONG_EVERY == 0 ? LONG_OVERLAP_MILLIS : OVERLAP_MILLIS;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setFetchSize(FETCH_SIZE);
      statement.setLong(1, readUntil - overlap);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          visitor.see(result);
          readUntil = Math.max(readUntil, result.getLong(1));
        }
      }
    }
    round++;
  }
}
