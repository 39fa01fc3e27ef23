package dev.notifier.store.jdbc;

class H2TemplateStoreContractTest extends JdbcTemplateStoreContract {
  H2TemplateStoreContractTest() {
    super(TestDatabase.H2);
  }
}
