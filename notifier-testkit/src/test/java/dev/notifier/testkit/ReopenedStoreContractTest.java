package dev.notifier.testkit;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryId;
import dev.notifier.Settlement;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The contract over a store that outlives its closing, and brings back what is due itself. */
class ReopenedStoreContractTest extends NotificationStoreContract {
  private final Map<DeliveryId, QueuedDelivery> requeued = new ConcurrentHashMap<>();
  private final NotificationStore store = new BringsBack(requeued);

  @Override
  protected NotificationStore createStore() {
    return store;
  }

  @Override
  protected NotificationStore reopenStore() {
    return store;
  }

  @Override
  protected QueuedDelivery broughtBack(DeliveryId id) {
    return requeued.get(id);
  }

  private static final class BringsBack extends Stores.Forwarding {
    private final Map<DeliveryId, QueuedDelivery> requeued;

    BringsBack(Map<DeliveryId, QueuedDelivery> requeued) {
      this.requeued = requeued;
    }

    @Override
    public Optional<QueuedDelivery> settle(
        QueuedDelivery claimed, AttemptReport attempt, Settlement settlement) {
      super.settle(claimed, attempt, settlement).ifPresent(next -> requeued.put(next.id(), next));
      return Optional.empty();
    }
  }
}
