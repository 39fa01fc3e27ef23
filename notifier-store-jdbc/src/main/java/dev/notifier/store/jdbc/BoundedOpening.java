package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections of a DataSource that may take for ever: on a thread of its own, which also
 * keeps them out of whatever transaction the host has bound to the calling thread.
 */
final class BoundedOpening {
  private static final int MOST_HANGING = 8;

  private final DataSource dataSource;
  private final Duration patience;
  private final Semaphore free = new Semaphore(MOST_HANGING);

  BoundedOpening(DataSource dataSource, Duration patience) {
    this.dataSource = dataSource;
    this.patience = patience;
  }

  Connection open() throws SQLException {
    if (!free.tryAcquire()) {
      throw away(MOST_HANGING + " calls of DataSource.getConnection have not come back yet", null);
    }
    CompletableFuture<Connection> opening = new CompletableFuture<>();
    Thread thread = new Thread(() -> open(opening), "notifier-jdbc-open");
    thread.setDaemon(true);
    thread.start();
    return await(opening);
  }

  private void open(CompletableFuture<Connection> opening) {
    try {
      Connection connection = dataSource.getConnection();
      if (!opening.complete(connection)) {
        connection.close();
      }
    } catch (SQLException | RuntimeException | Error e) {
      opening.completeExceptionally(e);
    } finally {
      free.release();
    }
  }

  private Connection await(CompletableFuture<Connection> opening) throws SQLException {
    try {
      return opening.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return giveUp(opening, away("no connection after " + patience.toMillis() + " ms", e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return giveUp(opening, away("interrupted while opening a connection", e));
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  /** Unless the connection came at the last moment. */
  private static Connection giveUp(CompletableFuture<Connection> opening, SQLException why)
      throws SQLException {
    if (opening.completeExceptionally(why) || opening.isCompletedExceptionally()) {
      throw why;
    }
    return opening.join();
  }

  private static SQLException failure(@Nullable Throwable e) {
    return e instanceof SQLException sql
        ? sql
        : new SQLException("the DataSource failed: " + e, "HY000", e);
  }

  private static SQLException away(String why, @Nullable Throwable cause) {
    return new SQLTransientConnectionException(why, "08001", cause);
  }
}
