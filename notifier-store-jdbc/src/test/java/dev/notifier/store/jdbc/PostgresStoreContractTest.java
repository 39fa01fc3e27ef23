package dev.notifier.store.jdbc;

class PostgresStoreContractTest extends JdbcStoreContract {
  PostgresStoreContractTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
