package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.DeliveryFeed;
import dev.notifier.spi.QueuedDelivery;
import java.util.Collection;
import java.util.List;

/** A feed of which nobody asks more than what it was brought. */
abstract class QuietFeed implements DeliveryFeed {
  @Override
  public void cancelled(QueuedDelivery delivery) {}

  @Override
  public void updated(AppliedUpdate update) {}

  @Override
  public Collection<NotificationId> awaited() {
    return List.of();
  }

  @Override
  public void settledElsewhere(NotificationId id) {}
}
