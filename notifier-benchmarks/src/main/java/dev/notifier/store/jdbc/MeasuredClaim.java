package dev.notifier.store.jdbc;

import dev.notifier.Priority;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The statement by which a node takes free rows. */
public final class MeasuredClaim {
  private static final long NODE = 1_000_000;

  private final DataSource dataSource;

  /** Creates it for a database that has the tables. */
  public MeasuredClaim(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Takes rows of each class that are due, and gives them back by a rollback; so many times. */
  public void claimAndUndo(int times, int limit) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Dialect dialect = Dialect.of(DatabaseKind.of(connection), TablePrefix.DEFAULT, true);
      dialect.prepare(connection);
      for (int i = 0; i < times; i++) {
        claimEachClass(dialect, connection, limit);
        connection.rollback();
      }
    }
  }

  private static void claimEachClass(Dialect dialect, Connection connection, int limit)
      throws SQLException {
    long now = dialect.now(connection);
    int claimed = 0;
    for (Priority priority : Priority.values()) {
      claimed +=
          dialect
              .claim(
                  connection, new FreeRange("email", priority, FreeRange.START, now, limit), NODE)
              .size();
    }
    if (claimed != limit) {
      throw new IllegalStateException("claimed " + claimed + " rows instead of " + limit);
    }
  }
}
