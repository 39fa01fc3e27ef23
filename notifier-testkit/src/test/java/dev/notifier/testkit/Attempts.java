package dev.notifier.testkit;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.util.UUID;

/** Attempts for tests of channels alone. */
final class Attempts {
  private Attempts() {}

  static DeliveryAttempt any() {
    Notification notification = Notification.to("pager:4711").text("Water!").build();
    DeliveryId delivery = new DeliveryId(new NotificationId(UUID.randomUUID()), 0);
    return DeliveryAttempt.of(delivery, notification, ChannelId.of("pager"), 1);
  }
}
