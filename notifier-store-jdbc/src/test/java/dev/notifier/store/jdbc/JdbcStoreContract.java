package dev.notifier.store.jdbc;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.testkit.NotificationStoreContract;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** The contract of all stores on a kind of database. */
abstract class JdbcStoreContract extends NotificationStoreContract {
  private final TestDatabase kind;
  private ContractDatabase database;
  private JdbcNotificationStore store;

  JdbcStoreContract(TestDatabase kind) {
    this.kind = kind;
  }

  @Override
  protected NotificationStore createStore() {
    database = new ContractDatabase(kind);
    return reopenStore();
  }

  @Override
  protected NotificationStore reopenStore() {
    store = database.open();
    return store;
  }

  @Override
  protected void awaitWrites() {
    store.catchUp();
  }

  /** Lets the store look for work, and waits until it brings the delivery. */
  @Override
  protected QueuedDelivery broughtBack(DeliveryId id) throws Exception {
    Brought brought = new Brought();
    store.start(brought);
    for (int i = 0; i < 100; i++) {
      QueuedDelivery next = brought.deliveries.poll(10, TimeUnit.SECONDS);
      if (next == null || next.id().equals(id)) {
        return next;
      }
    }
    throw new AssertionError("others came, but not " + id);
  }

  @AfterEach
  final void emptyDatabase() throws Exception {
    database.close();
  }

  private static final class Brought extends QuietFeed {
    private static final List<ChannelId> CHANNELS =
        List.of(ChannelId.of("alpha"), ChannelId.of("beta"));

    final BlockingQueue<QueuedDelivery> deliveries = new LinkedBlockingQueue<>();

    @Override
    public Collection<ChannelId> channels() {
      return CHANNELS;
    }

    @Override
    public boolean serves(ChannelId channel) {
      return CHANNELS.contains(channel);
    }

    @Override
    public int waiting(ChannelId channel) {
      return deliveries.size();
    }

    @Override
    public int room(ChannelId channel) {
      return 100;
    }

    @Override
    public void bring(QueuedDelivery delivery) {
      deliveries.add(delivery);
    }
  }
}
