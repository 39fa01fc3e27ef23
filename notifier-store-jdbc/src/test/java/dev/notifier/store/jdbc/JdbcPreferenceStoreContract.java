package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.testkit.PreferenceStoreContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of preference stores on a kind of database. */
abstract class JdbcPreferenceStoreContract extends PreferenceStoreContract {
  private final TestDatabase kind;
  private final List<NotificationStore> opened = new ArrayList<>();
  private EmptyDatabase database;
  @TempDir private Path directory;

  JdbcPreferenceStoreContract(TestDatabase kind) {
    this.kind = kind;
  }

  @Override
  protected NotificationStore createStore() {
    database = kind.create(directory);
    return reopenStore();
  }

  @Override
  protected NotificationStore reopenStore() {
    NotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password()).build();
    opened.add(store);
    return store;
  }

  @AfterEach
  final void removeDatabase() throws Exception {
    opened.forEach(NotificationStore::close); // again: the contract does it after this
    database.close();
  }
}
