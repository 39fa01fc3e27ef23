package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.NotifierException;
import dev.notifier.StoreException;
import java.sql.SQLException;
import java.util.Set;

/** Why no connection could be opened, and what to do about it. */
final class ConnectionFailure {
  /** H2: the file is open in another process. */
  private static final int H2_IN_USE = 90_020;

  private static final Set<Integer> H2_FILE_PASSWORD = Set.of(90_049, 90_050);
  private static final int H2_NOT_ADMIN = 90_040;
  private static final Set<Integer> NO_SUCH_DATABASE = Set.of(1049, 90_013, 90_146);
  private static final int MARIADB_NOT_GRANTED = 1044;
  private static final int MARIADB_FULL = 1040;

  private final String database;
  private final SQLException failure;
  private final SQLException root;

  /**
   * @param database how to call it in messages: a URL without secrets, or words
   */
  ConnectionFailure(String database, SQLException failure) {
    this.database = database;
    this.failure = failure;
    this.root = root(failure);
  }

  /** Pools wrap what the driver said. */
  private static SQLException root(SQLException failure) {
    SQLException root = failure;
    for (int depth = 0; depth < 10 && root.getCause() instanceof SQLException cause; depth++) {
      root = cause;
    }
    return root;
  }

  /** Tells whether it may be better in a while, with nobody doing anything here. */
  boolean mayPass() {
    String state = state();
    return state.startsWith("08") // no connection
        || state.startsWith("57P") // PostgreSQL starts or stops
        || state.startsWith("53") // PostgreSQL has no room for one more
        || root.getErrorCode() == MARIADB_FULL
        || root.getErrorCode() == H2_IN_USE;
  }

  NotifierException exception() {
    if (root.getErrorCode() == H2_IN_USE) {
      return new StoreException(
          text(
              "is in use",
              "end the other process that has the file open, or use a database server"),
          failure);
    }
    if (mayPass()) {
      return new StoreException(
          text(
              "cannot be reached",
              "see that it runs and that host and port are right; set"
                  + " notifier.store.jdbc.startup-wait to wait for it at the start"),
          failure);
    }
    return settings();
  }

  private NotifierException settings() {
    int code = root.getErrorCode();
    if (state().startsWith("28") || H2_FILE_PASSWORD.contains(code)) {
      return wrong("refuses the login", "correct notifier.store.jdbc.user and .password");
    }
    if (state().equals("3D000") || NO_SUCH_DATABASE.contains(code)) {
      return wrong("does not exist", "create it, or correct its name in notifier.store.jdbc.url");
    }
    if (code == MARIADB_NOT_GRANTED) {
      return wrong("is not open to the user", "grant the user all rights on it");
    }
    if (code == H2_NOT_ADMIN) {
      return wrong("refuses its settings", "use an administrator of the database, or a DataSource");
    }
    return new StoreException(text("gives no connection", "see what it says"), failure);
  }

  private ConfigurationException wrong(String what, String whatToDo) {
    return new ConfigurationException(text(what, whatToDo), failure);
  }

  private String text(String what, String whatToDo) {
    String said = JdbcUrl.redacted(String.valueOf(root.getMessage())).strip();
    return "the database " + database + " " + what + ": " + whatToDo + " (it says: " + said + ")";
  }

  private String state() {
    String state = root.getSQLState();
    return state == null ? "" : state;
  }
}
