package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.NotifierException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the store's connections come from: the host's DataSource, or a pool made from a URL. Safe
 * for threads. Every wait ends.
 */
final class ConnectionSource implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConnectionSource.class);
  private static final Duration OPENING = Duration.ofSeconds(10);
  private static final int SILENCE_MILLIS = 30_000;
  private static final long BETWEEN_TRIES_NANOS = Duration.ofMillis(250).toNanos();
  private static final long BETWEEN_MESSAGES_NANOS = Duration.ofSeconds(10).toNanos();

  private final DataSource dataSource;
  private final BoundedOpening opening;
  private final String database;
  private final DatabaseKind kind;
  // Null if the DataSource is the host's, who also closes it.
  private final @Nullable UrlDataSource own;
  private volatile boolean closed; // only what is our own

  private ConnectionSource(
      DataSource dataSource, String database, DatabaseKind kind, @Nullable UrlDataSource own) {
    this.dataSource = dataSource;
    this.opening = new BoundedOpening(dataSource, OPENING);
    this.database = database;
    this.kind = kind;
    this.own = own;
  }

  /**
   * Uses the host's DataSource.
   *
   * @param startupWait how long to try again while the database is away; zero: one try
   */
  static ConnectionSource of(DataSource dataSource, Duration startupWait) {
    String database = "of the given DataSource";
    DatabaseKind kind = await(dataSource, database, startupWait);
    return new ConnectionSource(dataSource, database, kind, null);
  }

  /**
   * Makes a pool. It is closed with this.
   *
   * @param startupWait as above
   */
  static ConnectionSource of(
      JdbcUrl url, @Nullable String user, @Nullable String password, Duration startupWait) {
    checkPool();
    UrlDataSource source = new UrlDataSource(url.keptOpen(), user, password);
    DatabaseKind kind = await(source, url.toString(), startupWait);
    return new ConnectionSource(ConnectionPool.over(source, OPENING), url.toString(), kind, source);
  }

  private static void checkPool() {
    try {
      Class.forName("com.zaxxer.hikari.HikariDataSource", false, poolLoader());
    } catch (ClassNotFoundException e) {
      throw new ConfigurationException(
          "setting notifier.store.jdbc.url needs a connection pool: add com.zaxxer:HikariCP to the"
              + " class path, or give the store a DataSource",
          e);
    }
  }

  private static @Nullable ClassLoader poolLoader() {
    return ConnectionSource.class.getClassLoader();
  }

  /** Asks the database what it is, which also shows whether it is there and lets us in. */
  private static DatabaseKind await(DataSource dataSource, String database, Duration patience) {
    BoundedOpening opening = new BoundedOpening(dataSource, OPENING);
    long end = System.nanoTime() + patience.toNanos();
    long sayAt = System.nanoTime();
    while (true) {
      try (Connection connection = opening.open()) {
        return DatabaseKind.of(connection);
      } catch (SQLException e) {
        ConnectionFailure failure = new ConnectionFailure(database, e);
        if (!failure.mayPass() || System.nanoTime() - end >= 0) {
          throw failure.exception();
        }
        boolean say = System.nanoTime() - sayAt >= 0;
        sayAt += say ? BETWEEN_MESSAGES_NANOS : 0;
        pause(failure.exception(), say);
      }
    }
  }

  private static void pause(NotifierException why, boolean say) {
    if (say) {
      log.info("waiting for the database: {}", why.getMessage());
    }
    LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
    if (Thread.currentThread().isInterrupted()) {
      throw why;
    }
  }

  DatabaseKind kind() {
    return kind;
  }

  /** For {@link JdbcSchema}, which sets its own bounds. */
  DataSource dataSource() {
    return dataSource;
  }

  /**
   * Opens a connection within 10 s, on which no answer is waited for longer than 30 s.
   *
   * @throws NotifierException if there is none; the message says what to do
   */
  OpenConnection open() {
    if (closed) {
      throw Failures.closed();
    }
    try {
      Connection connection = own == null ? opening.open() : dataSource.getConnection();
      return OpenConnection.of(connection, SILENCE_MILLIS);
    } catch (SQLException e) {
      throw new ConnectionFailure(database, e).exception();
    }
  }

  /** Closes the pool, if it is ours; and then an H2 file, which becomes small by it. */
  @Override
  public void close() {
    if (own != null) {
      closed = true;
      ConnectionPool.close(dataSource);
      if (own.url().isEmbeddedH2()) {
        shutDown(own);
      }
    }
  }

  private static void shutDown(UrlDataSource h2) {
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      // Somebody else in this JVM may use the file as well: then it closes after them.
      statement.execute(isAlone(statement) ? "SHUTDOWN COMPACT" : "SET DB_CLOSE_DELAY 0");
    } catch (SQLException e) {
      log.warn("database {} was not compacted: {}", h2, e.getMessage());
    }
  }

  private static boolean isAlone(Statement statement) throws SQLException {
    String sql = "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS";
    try (ResultSet result = statement.executeQuery(sql)) {
      return result.next() && result.getInt(1) == 1;
    }
  }
}
