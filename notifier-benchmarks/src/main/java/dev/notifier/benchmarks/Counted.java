package dev.notifier.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import javax.sql.DataSource;

/** The handler of a queue, which counts; and the wait for it. Thread-safe. */
final class Counted {
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final LongAdder done = new LongAdder();
  private final IntConsumer observer;

  Counted(IntConsumer observer) {
    this.observer = observer;
  }

  void handle(int number) {
    observer.accept(number);
    done.increment();
  }

  /** Waits until so many were handled. */
  void await(int count) {
    awaitThat(() -> done.sum() >= count);
  }

  /** Waits until something is so. */
  void awaitThat(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      pause(end);
    }
  }

  /** Waits until the rows of the table, or some of them, are gone. */
  void awaitEmpty(DataSource database, String table) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    try (Connection connection = database.getConnection()) {
      while (hasRows(connection, table)) {
        pause(end);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pause(long end) {
    if (System.nanoTime() - end > 0) {
      throw new IllegalStateException("only " + done.sum() + " were done in time");
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  private static boolean hasRows(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT 1 FROM " + table + " LIMIT 1")) {
      return result.next();
    }
  }
}
