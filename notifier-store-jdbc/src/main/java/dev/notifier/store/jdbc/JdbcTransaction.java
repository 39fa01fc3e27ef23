package dev.notifier.store.jdbc;

import dev.notifier.HostTransaction;
import java.sql.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The application's own transaction, on a connection to the database that holds the notifications:
 *
 * <pre>{@code
 * connection.setAutoCommit(false);
 * orders.insert(connection, order);
 * JdbcTransaction transaction = JdbcTransaction.on(connection);
 * notifier.send(confirmation, transaction); // sent if, and only if, this commits
 * connection.commit();
 * transaction.committed();
 * }</pre>
 *
 * <p>The notification is a row more in that transaction. No other thread touches the connection,
 * and it is neither committed nor closed here. Used by one thread, as the connection is.
 */
public final class JdbcTransaction implements HostTransaction {
  private final Connection connection;
  private @Nullable Runnable wakeUp;

  private JdbcTransaction(Connection connection) {
    this.connection = connection;
  }

  /** Returns the transaction that is open on a connection; its auto-commit must be off. */
  public static JdbcTransaction on(Connection connection) {
    return new JdbcTransaction(Objects.requireNonNull(connection, "connection"));
  }

  /**
   * Says that it has committed, so that what was sent is picked up at once; without this call that
   * happens within a second. Does no harm if it has not committed.
   */
  public void committed() {
    if (wakeUp != null) {
      wakeUp.run();
    }
  }

  Connection connection() {
    return connection;
  }

  void wakeUpBy(Runnable action) {
    wakeUp = action;
  }
}
