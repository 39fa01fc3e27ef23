package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;

/** Attempts to test with. */
final class Attempts {
  static final DeliveryId DELIVERY =
      new DeliveryId(NotificationId.parse("0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b"), 0);

  private Attempts() {}

  static DeliveryAttempt of(Notification.Builder notification) {
    return of(notification, 1);
  }

  static DeliveryAttempt of(Notification.Builder notification, int number) {
    return DeliveryAttempt.of(DELIVERY, notification.build(), ChannelId.of("email"), number);
  }

  static DeliveryAttempt toAda() {
    return of(Notification.to("email:Ada@example.com").subject("Hello").text("Hello Ada"));
  }
}
