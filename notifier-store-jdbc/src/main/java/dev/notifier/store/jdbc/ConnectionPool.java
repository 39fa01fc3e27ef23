package dev.notifier.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;

/** The only class that touches HikariCP, which need not be there. */
final class ConnectionPool {
  /** Writing, settling, claiming, the lease and a signal; the rest is for those who search. */
  private static final int SIZE = 10;

  private ConnectionPool() {}

  static DataSource over(UrlDataSource source, Duration patience) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("notifier");
    config.setDataSource(source);
    config.setMaximumPoolSize(SIZE);
    config.setMinimumIdle(2);
    config.setConnectionTimeout(patience.toMillis());
    // A database that goes away just now is told by the first one who asks.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  static void close(DataSource pool) {
    ((HikariDataSource) pool).close();
  }
}
