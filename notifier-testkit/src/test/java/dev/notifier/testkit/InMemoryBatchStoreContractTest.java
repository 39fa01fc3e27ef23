package dev.notifier.testkit;

import dev.notifier.spi.NotificationStore;

/** The store of the core: nothing is durable. */
class InMemoryBatchStoreContractTest extends BatchStoreContract {
  @Override
  protected NotificationStore createStore() {
    return Stores.inMemory();
  }
}
