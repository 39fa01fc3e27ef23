package dev.notifier.store.jdbc;

class MariaDbScheduleStoreContractTest extends JdbcScheduleStoreContract {
  MariaDbScheduleStoreContractTest() {
    super(TestDatabase.MARIADB);
  }
}
