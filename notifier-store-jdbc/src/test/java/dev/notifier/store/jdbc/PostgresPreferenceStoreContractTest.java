package dev.notifier.store.jdbc;

class PostgresPreferenceStoreContractTest extends JdbcPreferenceStoreContract {
  PostgresPreferenceStoreContractTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
