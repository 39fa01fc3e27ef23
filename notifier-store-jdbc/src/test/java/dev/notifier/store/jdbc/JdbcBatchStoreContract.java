package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.testkit.BatchStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The contract of batch stores on a kind of database. */
abstract class JdbcBatchStoreContract extends BatchStoreContract {
  private final TestDatabase kind;
  private ContractDatabase database;

  JdbcBatchStoreContract(TestDatabase kind) {
    this.kind = kind;
  }

  @Override
  protected NotificationStore createStore() {
    database = new ContractDatabase(kind);
    return reopenStore();
  }

  @Override
  protected NotificationStore reopenStore() {
    return database.open();
  }

  @AfterEach
  final void emptyDatabase() throws Exception {
    database.close();
  }
}
