package dev.notifier.channel.telegram;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.util.UUID;

/** Makes attempts without an engine. */
final class Attempts {
  static final String CHAT = "987654321";
  static final String GROUP = "-1009876543";

  private Attempts() {}

  /** Returns the first attempt of a new delivery. */
  static DeliveryAttempt of(Notification notification) {
    return of(new DeliveryId(new NotificationId(UUID.randomUUID()), 0), notification, 1);
  }

  static DeliveryAttempt of(DeliveryId delivery, Notification notification, int number) {
    return DeliveryAttempt.of(delivery, notification, ChannelId.of("telegram"), number);
  }

  /** Returns the next attempt of the same delivery. */
  static DeliveryAttempt retry(DeliveryAttempt attempt) {
    return of(attempt.delivery(), attempt.notification(), attempt.number() + 1);
  }

  static DeliveryAttempt text(String text) {
    return of(Notification.to("telegram:" + CHAT).text(text).build());
  }

  static DeliveryAttempt html(String html) {
    return of(Notification.to("telegram:" + CHAT).html(html).build());
  }
}
