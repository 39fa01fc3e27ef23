package dev.notifier.store.jdbc;

class H2PreferenceStoreContractTest extends JdbcPreferenceStoreContract {
  H2PreferenceStoreContractTest() {
    super(TestDatabase.H2);
  }
}
