package dev.notifier.store.jdbc;

class PostgresBatchStoreContractTest extends JdbcBatchStoreContract {
  PostgresBatchStoreContractTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
