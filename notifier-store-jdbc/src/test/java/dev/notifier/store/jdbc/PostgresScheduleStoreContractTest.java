package dev.notifier.store.jdbc;

class PostgresScheduleStoreContractTest extends JdbcScheduleStoreContract {
  PostgresScheduleStoreContractTest() {
    super(TestDatabase.POSTGRESQL);
  }
}
