package dev.notifier.testkit;

import dev.notifier.spi.NotificationStore;

/** The store of the core: nothing is durable. */
class InMemoryScheduleStoreContractTest extends ScheduleStoreContract {
  @Override
  protected NotificationStore createStore() {
    return Stores.inMemory();
  }
}
