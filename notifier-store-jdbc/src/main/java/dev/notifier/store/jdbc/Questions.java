package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Asks the database, and changes it in short transactions, on connections on loan. Thread-safe. */
final class Questions {
  private final ConnectionSource source;
  private final Dialect dialect;
  private final Shield shield;

  Questions(ConnectionSource source, Dialect dialect, Shield shield) {
    this.source = source;
    this.dialect = dialect;
    this.shield = shield;
  }

  /** What is asked, on a connection that commits each statement. */
  interface Question<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Asks.
   *
   * @param what completes the message if the database fails: "the database failed to …"
   */
  <T> T ask(String what, Question<T> question) {
    return guarded(
        what,
        () -> {
          try (OpenConnection open = source.open()) {
            return question.on(open.jdbc());
          }
        });
  }

  /**
   * Changes something in a transaction, which is repeated after a deadlock.
   *
   * @return what the change says; false if it is one that somebody else was quicker with, by a
   *     unique key
   */
  boolean change(String what, HeldConnection.Work<Boolean> change) {
    return guarded(
        what,
        () -> {
          try {
            return inTransaction(change);
          } catch (SQLException e) {
            if (isDuplicate(e)) {
              return false;
            }
            throw e;
          }
        });
  }

  /** Does something in a transaction, which is repeated after a deadlock. */
  <T> T transaction(String what, HeldConnection.Work<T> work) {
    return guarded(what, () -> inTransaction(work));
  }

  private <T> T inTransaction(HeldConnection.Work<T> work) throws SQLException {
    try (HeldConnection held = new HeldConnection(source, dialect)) {
      return held.inTransaction(work);
    }
  }

  /** Tells whether a unique key was there already. */
  static boolean isDuplicate(SQLException e) {
    return String.valueOf(e.getSQLState()).startsWith("23");
  }

  /** Does something with the database that sees to its connection itself. */
  <T> T guarded(String what, Shield.Work<T> work) {
    try {
      return shield.call(work);
    } catch (SQLException e) {
      throw Failures.failed(what, e);
    }
  }
}
