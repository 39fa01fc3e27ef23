package dev.notifier.store.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears on PostgreSQL that another node has written free rows: a hint, without which they are found
 * a second later. The only class that knows PostgreSQL's driver, which need not be there.
 */
final class FreeRowListener {
  private static final Logger log = LoggerFactory.getLogger(FreeRowListener.class);
  private static final int LISTEN_MILLIS = 2_000;
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
      } catch (SQLException | RuntimeException | LinkageError e) {
        log.debug("no hints from other nodes for now; their rows are found by looking", e);
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  private void listen() throws SQLException {
    try (OpenConnection open = source.open()) {
      if (!open.jdbc().isWrapperFor(PGConnection.class)) {
        stopped = true; // a pooler or another driver stands between
        return;
      }
      try (Statement statement = open.jdbc().createStatement()) {
        statement.execute("LISTEN " + PostgresDialect.channel(tables));
        hear(open.jdbc().unwrap(PGConnection.class));
        statement.execute("UNLISTEN *"); // the connection may go back to a pool
      }
    }
  }

  private void hear(PGConnection connection) throws SQLException {
    while (!stopped) {
      var hints = connection.getNotifications(LISTEN_MILLIS);
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
