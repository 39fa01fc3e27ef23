package dev.notifier.store.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears on PostgreSQL that another node has written free rows: a hint, without which they are found
 * a second later.
 */
final class FreeRowListener {
  private static final Logger log = LoggerFactory.getLogger(FreeRowListener.class);
  private static final int LISTEN_MILLIS = 500;
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ConnectionSource source;
  private final Tables tables;
  private final Runnable onHint;
  private volatile @Nullable Thread thread;
  private volatile boolean stopped;

  FreeRowListener(ConnectionSource source, Tables tables, Runnable onHint) {
    this.source = source;
    this.tables = tables;
    this.onHint = onHint;
  }

  /** Listens until it is told to stop. */
  void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      try {
        listen();
      } catch (SQLException | ReflectiveOperationException | RuntimeException e) {
        log.debug("no hints from other nodes for now; their rows are found by looking", e);
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  private void listen() throws SQLException, ReflectiveOperationException {
    try (OpenConnection open = source.open();
        Statement statement = open.jdbc().createStatement()) {
      statement.execute("LISTEN " + PostgresDialect.channel(tables));
      hear(open.jdbc());
      statement.execute("UNLISTEN *"); // the connection may go back to a pool
    }
  }

  /** Calls the driver by reflection: it is the application's, and need not be there. */
  private void hear(Connection connection) throws SQLException, ReflectiveOperationException {
    ClassLoader drivers = connection.getMetaData().getConnection().getClass().getClassLoader();
    Class<?> driver = Class.forName("org.postgresql.PGConnection", false, drivers);
    Method notifications = driver.getMethod("getNotifications", int.class);
    Object own = connection.unwrap(driver);
    while (!stopped) {
      Object[] hints = (Object[]) notifications.invoke(own, LISTEN_MILLIS);
      if (hints != null && hints.length > 0) {
        onHint.run();
      }
    }
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
