package dev.notifier.testkit;

import dev.notifier.spi.NotificationStore;

/** The store of the core, in its house style: nothing is durable. */
class InMemoryNotificationStoreContractTest extends NotificationStoreContract {
  @Override
  protected NotificationStore createStore() {
    return Stores.inMemory();
  }
}
