package dev.notifier.store.jdbc;

class H2BatchStoreContractTest extends JdbcBatchStoreContract {
  H2BatchStoreContractTest() {
    super(TestDatabase.H2);
  }
}
