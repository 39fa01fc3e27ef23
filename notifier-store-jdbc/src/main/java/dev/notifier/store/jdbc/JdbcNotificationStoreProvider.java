package dev.notifier.store.jdbc;

import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.NotificationStoreProvider;
import dev.notifier.spi.ProviderSettings;

/**
 * Makes the JDBC store from settings such as {@code notifier.store.jdbc.url}; the guide lists all
 * of them. It opens the database, and brings its tables to where they have to be.
 */
public final class JdbcNotificationStoreProvider implements NotificationStoreProvider {
  /** Creates the provider; called by {@link java.util.ServiceLoader}. */
  public JdbcNotificationStoreProvider() {}

  @Override
  public String id() {
    return "jdbc";
  }

  @Override
  public NotificationStore create(ProviderSettings settings) {
    return JdbcNotificationStore.open(JdbcSettings.from(settings));
  }
}
