package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that one part of the store keeps for itself, opened when it is first needed and
 * again after it broke. Used by one thread at a time.
 */
final class HeldConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HeldConnection.class);

  /** More than a pool has connections, which may all have died. */
  private static final int MAX_TRIES = 12;

  /** A connection that died while nobody used it shows so at once; an outage takes its time. */
  private static final long AT_ONCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /**
   * Serialization failures and deadlocks of PostgreSQL and H2, and H2's lock time-out; and
   * PostgreSQL's answer to a row whose day got its table while the row was on its way to the rest.
   */
  private static final Set<String> REPEATABLE_STATES = Set.of("40001", "40P01", "HYT00", "23514");

  /** Of MariaDB and MySQL: deadlock, lock wait time-out, changed since the snapshot. */
  private static final Set<Integer> REPEATABLE_CODES = Set.of(1213, 1205, 1020);

  private final ConnectionSource source;
  private final Dialect dialect;
  private @Nullable OpenConnection connection;
  private boolean isPrepared;

  HeldConnection(ConnectionSource source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
  }

  /** What is done in one transaction; it may be done again. */
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** The commit failed in a way that leaves open whether it was made. */
  static final class UnknownCommitException extends SQLException {
    private static final long serialVersionUID = 1;

    UnknownCommitException(SQLException cause) {
      super("nobody knows whether the database has committed", cause.getSQLState(), cause);
    }
  }

  /**
   * Does something in a transaction of its own; again, a few times, after a deadlock, a
   * serialization failure, or the end of a connection that had died before it was used.
   *
   * @throws UnknownCommitException if it may be committed or not
   */
  <T> T inTransaction(Work<T> work) throws SQLException {
    return repeated(work, false);
  }

  /**
   * As {@link #inTransaction}, for claims and for what only reads: it need not be as durable. A
   * claim that is lost leaves its rows free, and is on the disk before what follows it.
   */
  <T> T inClaim(Work<T> work) throws SQLException {
    return repeated(work, true);
  }

  private <T> T repeated(Work<T> work, boolean isClaim) throws SQLException {
    for (int tries = 1; ; tries++) {
      Connection open = open();
      long begun = System.nanoTime();
      try {
        return tryOnce(open, work, isClaim);
      } catch (SQLException e) {
        if (tries == MAX_TRIES || !mayBeRepeated(e, System.nanoTime() - begun)) {
          throw e;
        }
        log.debug("a transaction is repeated: {}", Failures.describe(e));
      }
    }
  }

  private static boolean mayBeRepeated(SQLException e, long nanos) {
    boolean mayBeDone = e instanceof UnknownCommitException;
    boolean died = Failures.isConnectionLost(e) && nanos < AT_ONCE_NANOS;
    return !mayBeDone && (died || isRepeatable(e));
  }

  private <T> T tryOnce(Connection open, Work<T> work, boolean isClaim) throws SQLException {
    boolean working = true;
    try {
      prepare(open);
      T result = work.in(open);
      working = false;
      commit(open, isClaim);
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      if (working && e instanceof SQLException sql && leavesItUsable(sql)) {
        rollBack(open);
      } else {
        discard(); // whatever state it is in, a new one is in a known one
      }
      throw e;
    }
  }

  private void commit(Connection open, boolean isClaim) throws SQLException {
    try {
      dialect.commit(open);
    } catch (SQLException e) {
      throw isRepeatable(e) ? e : new UnknownCommitException(e);
    }
    try {
      if (isClaim) {
        dialect.afterClaim(open);
      } else {
        dialect.afterCommit(open);
      }
    } catch (SQLException e) {
      throw new UnknownCommitException(e); // committed, but perhaps not for ever
    }
  }

  private Connection open() throws SQLException {
    if (connection == null) {
      connection = source.open();
      isPrepared = false;
    }
    return connection.jdbc();
  }

  private void prepare(Connection open) throws SQLException {
    if (!isPrepared) {
      dialect.prepare(open);
      isPrepared = true;
    }
  }

  private void rollBack(Connection open) {
    try {
      open.rollback();
    } catch (SQLException e) {
      discard();
    }
  }

  private static boolean leavesItUsable(SQLException e) {
    return isRepeatable(e) || e instanceof HeldKeyException;
  }

  static boolean isRepeatable(SQLException e) {
    return REPEATABLE_STATES.contains(String.valueOf(e.getSQLState()))
        || REPEATABLE_CODES.contains(e.getErrorCode());
  }

  /** Closes the connection; the next use opens another. */
  void discard() {
    OpenConnection open = connection;
    connection = null;
    if (open != null) {
      close(open);
    }
  }

  private static void close(OpenConnection open) {
    try {
      Connection jdbc = open.jdbc();
      if (!jdbc.isClosed() && !jdbc.getAutoCommit()) {
        jdbc.rollback();
        jdbc.setAutoCommit(true); // as the pool gave it
      }
    } catch (SQLException e) {
      log.debug("a connection could not be put in order before it was closed", e);
    }
    try {
      open.close();
    } catch (SQLException e) {
      log.debug("a connection did not close", e);
    }
  }

  @Override
  public void close() {
    discard();
  }
}
