package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.testkit.PreferenceStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The contract of preference stores on a kind of database. */
abstract class JdbcPreferenceStoreContract extends PreferenceStoreContract {
  private final TestDatabase kind;
  private ContractDatabase database;

  JdbcPreferenceStoreContract(TestDatabase kind) {
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
