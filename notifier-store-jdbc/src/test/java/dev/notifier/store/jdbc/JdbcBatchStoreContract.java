package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.testkit.BatchStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of batch stores on a kind of database. */
abstract class JdbcBatchStoreContract extends BatchStoreContract {
  private final TestDatabase kind;
  private ContractDatabase database;
  @TempDir private Path directory;

  JdbcBatchStoreContract(TestDatabase kind) {
    this.kind = kind;
  }

  @Override
  protected NotificationStore createStore() {
    database = new ContractDatabase(kind, directory);
    return reopenStore();
  }

  @Override
  protected NotificationStore reopenStore() {
    return database.open();
  }

  @AfterEach
  final void removeDatabase() throws Exception {
    database.close();
  }
}
