package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.testkit.ScheduleStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The contract of schedule stores on a kind of database. */
abstract class JdbcScheduleStoreContract extends ScheduleStoreContract {
  private final TestDatabase kind;
  private ContractDatabase database;

  JdbcScheduleStoreContract(TestDatabase kind) {
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

  @Override
  protected NotificationStore otherNode() {
    return reopenStore();
  }

  @AfterEach
  final void emptyDatabase() throws Exception {
    database.close();
  }
}
