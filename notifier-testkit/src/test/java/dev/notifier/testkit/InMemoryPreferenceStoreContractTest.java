package dev.notifier.testkit;

import dev.notifier.spi.NotificationStore;

/** The store of the core: nothing is durable. */
class InMemoryPreferenceStoreContractTest extends PreferenceStoreContract {
  @Override
  protected NotificationStore createStore() {
    return Stores.inMemory();
  }
}
