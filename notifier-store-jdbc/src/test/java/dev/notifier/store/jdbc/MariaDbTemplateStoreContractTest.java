package dev.notifier.store.jdbc;

class MariaDbTemplateStoreContractTest extends JdbcTemplateStoreContract {
  MariaDbTemplateStoreContractTest() {
    super(TestDatabase.MARIADB);
  }
}
