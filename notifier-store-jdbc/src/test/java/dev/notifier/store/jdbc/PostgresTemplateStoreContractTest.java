package dev.notifier.store.jdbc;

class PostgresTemplateStoreContractTest extends JdbcTemplateStoreContract {
  PostgresTemplateStoreContractTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
