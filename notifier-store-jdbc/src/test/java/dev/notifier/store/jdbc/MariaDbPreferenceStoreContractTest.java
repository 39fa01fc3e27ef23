package dev.notifier.store.jdbc;

class MariaDbPreferenceStoreContractTest extends JdbcPreferenceStoreContract {
  MariaDbPreferenceStoreContractTest() {
    super(TestDatabase.MARIADB);
  }
}
