package dev.notifier.store.jdbc;

class H2StoreContractTest extends JdbcStoreContract {
  H2StoreContractTest() {
    super(TestDatabase.H2);
  }
}
