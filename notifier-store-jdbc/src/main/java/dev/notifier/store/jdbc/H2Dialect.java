package dev.notifier.store.jdbc;

import dev.notifier.Priority;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * H2. A commit there survives the end of the process only after a checkpoint, or with WRITE_DELAY 0
 * (h2database issues 1259, 2599); a locking read with an order locks every row that matches.
 */
final class H2Dialect extends Dialect {
  private static final Logger log = LoggerFactory.getLogger(H2Dialect.class);

  // A checkpoint in the midst of a commit, and a kill right after it, leave rows that nobody can
  // change any more: docs/decisions/0030.
  private final Lock committing = new ReentrantLock();
  private volatile boolean checkpoints = true;

  H2Dialect(Tables tables, boolean keepsContent) {
    super(tables, keepsContent);
  }

  @Override
  void commit(Connection connection) throws SQLException {
    committing.lock();
    try {
      super.commit(connection);
    } finally {
      committing.unlock();
    }
  }

  @Override
  void afterCommit(Connection connection) throws SQLException {
    if (checkpoints) {
      committing.lock();
      try {
        execute(connection, "CHECKPOINT SYNC");
      } catch (SQLException e) {
        if (e.getErrorCode() != 90040) { // ADMIN_RIGHTS_REQUIRED
          throw e;
        }
        checkpoints = false;
        warnUnlessCommitsAreWritten(connection);
      } finally {
        committing.unlock();
      }
    }
  }

  /** The setting belongs to the database, and only an administrator may change it. */
  private static void warnUnlessCommitsAreWritten(Connection connection) throws SQLException {
    String sql =
        "SELECT 1 FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'"
            + " AND SETTING_VALUE = '0'";
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        log.warn(
            "the user of the H2 database has no admin rights, so that CHECKPOINT SYNC is refused:"
                + " let an administrator run SET WRITE_DELAY 0 in it once, or what is accepted may"
                + " be lost when the process is killed");
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  String nowMillis() {
    return "DATEDIFF(MILLISECOND, TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00',"
        + " CURRENT_TIMESTAMP)";
  }

  @Override
  String upsertDedup() {
    return "MERGE INTO "
        + tables.dedup()
        + " d USING (VALUES (CAST(? AS BINARY(32)), CAST(? AS BINARY(16)), CAST(? AS BIGINT),"
        + " CAST(? AS BIGINT))) s (key_hash, id, expires_at, moment)"
        + " ON d.key_hash = s.key_hash"
        + " WHEN MATCHED AND d.expires_at <= s.moment THEN UPDATE SET id = s.id,"
        + " expires_at = s.expires_at"
        + " WHEN NOT MATCHED THEN INSERT VALUES (s.key_hash, s.id, s.expires_at)";
  }

  @Override
  void claimSoon(Connection connection, List<byte[]> keys, Claims claims) throws SQLException {
    String before = lockTimeout(connection);
    execute(connection, "SET LOCK_TIMEOUT " + HELD_KEY_MILLIS);
    try {
      claims.run();
    } catch (SQLException e) {
      throw "HYT00".equals(e.getSQLState()) ? new HeldKeyException(e) : e; // LOCK_TIMEOUT_1
    } finally {
      execute(connection, "SET LOCK_TIMEOUT " + before);
    }
  }

  /** MERGE waits for the transaction that inserted the key, and then fails if that commits. */
  @Override
  boolean isLateDuplicate(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  private static String lockTimeout(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT LOCK_TIMEOUT()")) {
      result.next();
      return result.getString(1);
    }
  }

  @Override
  String insertAttempt(String columns, String values) {
    return "MERGE INTO " + columns + " KEY (id, number) " + values;
  }

  @Override
  List<ClaimedRow> claim(
      Connection connection, String lane, Priority priority, long dueUntil, int limit, long owner)
      throws SQLException {
    return claimOptimistically(connection, lane, priority, dueUntil, limit, owner);
  }

  @Override
  List<FinalRow> finish(Connection connection, List<FinalRow> rows, long owner)
      throws SQLException {
    return finishOneByOne(connection, rows, owner);
  }
}
