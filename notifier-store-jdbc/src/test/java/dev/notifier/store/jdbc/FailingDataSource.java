package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database that is away for a number of calls. */
final class FailingDataSource extends BareDataSource {
  private final DataSource database;
  private final int failures;
  private final SQLException failure;
  private final AtomicInteger calls = new AtomicInteger();

  FailingDataSource(DataSource database, int failures, SQLException failure) {
    this.database = database;
    this.failures = failures;
    this.failure = failure;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (calls.incrementAndGet() <= failures) {
      throw failure;
    }
    return database.getConnection();
  }

  int calls() {
    return calls.get();
  }
}
