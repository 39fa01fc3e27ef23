package dev.notifier.store.jdbc;

class MariaDbStoreContractTest extends JdbcStoreContract {
  MariaDbStoreContractTest() {
    super(TestDatabase.MARIADB);
  }
}
