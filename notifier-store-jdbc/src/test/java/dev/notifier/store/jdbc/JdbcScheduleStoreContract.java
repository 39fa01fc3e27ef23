package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.testkit.ScheduleStoreContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract of schedule stores on a kind of database. */
abstract class JdbcScheduleStoreContract extends ScheduleStoreContract {
  private final TestDatabase kind;
  private final List<NotificationStore> opened = new ArrayList<>();
  private EmptyDatabase database;
  @TempDir private Path directory;

  JdbcScheduleStoreContract(TestDatabase kind) {
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

  @Override
  protected NotificationStore otherNode() {
    return reopenStore();
  }

  @AfterEach
  final void removeDatabase() throws Exception {
    opened.forEach(NotificationStore::close); // again: the contract does it after this
    database.close();
  }
}
