package dev.notifier.spi;

/**
 * Makes a store from settings: what a plug-in registers for {@link java.util.ServiceLoader}.
 *
 * <p>It needs a public constructor without parameters. Its settings start with {@code
 * notifier.store.<id>.}; a provider without any is found but makes no store.
 */
public interface NotificationStoreProvider {
  /** Returns the id of its store, such as {@code jdbc}: lower case. */
  String id();

  /**
   * Makes the store.
   *
   * @throws dev.notifier.ConfigurationException if a setting is missing or unusable
   */
  NotificationStore create(ProviderSettings settings);
}
