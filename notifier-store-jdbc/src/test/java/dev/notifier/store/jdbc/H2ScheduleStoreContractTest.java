package dev.notifier.store.jdbc;

class H2ScheduleStoreContractTest extends JdbcScheduleStoreContract {
  H2ScheduleStoreContractTest() {
    super(TestDatabase.H2);
  }
}
