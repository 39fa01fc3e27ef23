package dev.notifier.testkit;

import dev.notifier.internal.store.InMemoryTemplateStore;
import dev.notifier.spi.TemplateStore;

/** The store of the core, of which nothing is durable. */
class InMemoryTemplateStoreContractTest extends TemplateStoreContract {
  @Override
  protected TemplateStore createStore() {
    return new InMemoryTemplateStore();
  }
}
