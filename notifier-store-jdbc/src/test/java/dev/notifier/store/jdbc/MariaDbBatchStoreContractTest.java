package dev.notifier.store.jdbc;

class MariaDbBatchStoreContractTest extends JdbcBatchStoreContract {
  MariaDbBatchStoreContractTest() {
    super(TestDatabase.MARIADB);
  }
}
