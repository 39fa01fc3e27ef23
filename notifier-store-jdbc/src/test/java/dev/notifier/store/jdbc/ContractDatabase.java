package dev.notifier.store.jdbc;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The database of one test of a contract, and every store that the test opens on it. */
final class ContractDatabase implements AutoCloseable {
  private final EmptyDatabase database;
  private final List<JdbcNotificationStore> opened = new ArrayList<>();

  ContractDatabase(TestDatabase kind, Path directory) {
    this.database = kind.create(directory);
  }

  JdbcNotificationStore open() {
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password()).build();
    opened.add(store);
    return store;
  }

  /** Closes the stores, perhaps again: some contracts do it too. */
  @Override
  public void close() throws SQLException {
    opened.forEach(JdbcNotificationStore::close);
    database.close();
  }
}
