package dev.notifier.store.jdbc;

import dev.notifier.spi.TemplateStore;
import dev.notifier.testkit.TemplateStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The contract of template stores on a kind of database. */
abstract class JdbcTemplateStoreContract extends TemplateStoreContract {
  private final TestDatabase kind;
  private ContractDatabase database;
  private JdbcNotificationStore store;

  JdbcTemplateStoreContract(TestDatabase kind) {
    this.kind = kind;
  }

  @Override
  protected TemplateStore createStore() {
    database = new ContractDatabase(kind);
    return open();
  }

  @Override
  protected TemplateStore reopenStore() {
    store.close();
    return open();
  }

  private TemplateStore open() {
    store = database.open();
    return store.templates().orElseThrow();
  }

  @AfterEach
  final void emptyDatabase() throws Exception {
    database.close();
  }
}
