package dev.notifier.store.jdbc;

import dev.notifier.NotifierException;
import dev.notifier.StoreException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;

/** What failures of the database mean, in words. */
final class Failures {
  private Failures() {}

  /** Tells whether the connection is of no use any more, so that the next try needs another. */
  static boolean isConnectionLost(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      if (e instanceof SQLNonTransientConnectionException
          || e instanceof SQLTransientConnectionException
          || e instanceof SQLRecoverableException
          || e instanceof HeldConnection.UnknownCommitException
          || (e instanceof SQLException sql && isConnectionState(sql.getSQLState()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Class 08; 57P: PostgreSQL shuts down; 53, 58: it has no room, or its disk fails; 25006: it is a
   * replica for now; 90028, 90031: H2's file; 90067, 90098, 90121: H2 is closed.
   */
  private static boolean isConnectionState(@org.jspecify.annotations.Nullable String state) {
    return state != null
        && (state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("53")
            || state.startsWith("58")
            || state.equals("25006")
            || state.equals("90028")
            || state.equals("90031")
            || state.equals("90067")
            || state.equals("90098")
            || state.equals("90121"));
  }

  static StoreException notAccepted(Throwable failure) {
    if (failure instanceof StoreException known) { // such as that the database cannot be reached
      return new StoreException("the notification was not accepted: " + known.getMessage(), known);
    }
    if (failure instanceof HeldConnection.UnknownCommitException) {
      return new StoreException(
          "the connection broke while the notification was committed, so that it may be accepted or"
              + " not: send it again with the same idempotency key",
          failure);
    }
    if (failure instanceof HeldKeyException) {
      return new StoreException(
          "the notification was not accepted: "
              + failure.getMessage()
              + "; send it again when that has ended",
          failure);
    }
    return new StoreException(
        "the notification was not accepted: "
            + describe(failure)
            + "; "
            + remedy(failure).orElse("send it again"),
        failure);
  }

  /** Nobody waits for what cannot come any more. */
  static StoreException closed() {
    return new StoreException(
        "the store is closed, and answers nothing: build a new notifier", null);
  }

  static StoreException failed(String what, Throwable failure) {
    return failure instanceof StoreException known
        ? known
        : new StoreException(
            "the database failed to "
                + what
                + ": "
                + describe(failure)
                + remedy(failure).map("; "::concat).orElse(""),
            failure);
  }

  /** What an operator can do about it; nothing for most failures. */
  private static Optional<String> remedy(Throwable failure) {
    if (!(failure instanceof SQLException sql)) {
      return Optional.empty();
    }
    if (isLackOfRights(sql)) {
      return Optional.of(
          "grant the user SELECT, INSERT, UPDATE and DELETE on all tables of the store");
    }
    return isLackOfTables(sql)
        ? Optional.of("the connection must lead to the database and schema with the store's tables")
        : Optional.empty();
  }

  /** By state: PostgreSQL; by code: MariaDB (the last two: a column, a database) and H2. */
  static boolean isLackOfRights(SQLException e) {
    return "42501".equals(e.getSQLState())
        || Set.of(1142, 1143, 1044, 90_040, 90_096).contains(e.getErrorCode());
  }

  private static boolean isLackOfTables(SQLException e) {
    return "42P01".equals(e.getSQLState())
        || Set.of(1146, 42_102, 42_103, 42_104).contains(e.getErrorCode());
  }

  /** A driver's message may quote values: only its first line, and only the state where it does. */
  static String describe(Throwable failure) {
    if (failure instanceof NotifierException) {
      return String.valueOf(failure.getMessage()); // one of ours
    }
    if (failure instanceof SQLException sql) {
      return sql.getClass().getSimpleName()
          + " (SQL state "
          + sql.getSQLState()
          + ", code "
          + sql.getErrorCode()
          + ")";
    }
    return failure.getClass().getSimpleName();
  }
}
