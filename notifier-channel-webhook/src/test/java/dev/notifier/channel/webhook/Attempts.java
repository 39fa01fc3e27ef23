package dev.notifier.channel.webhook;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.util.UUID;

/** Makes attempts as the engine would. */
final class Attempts {
  /** A version 7 UUID of 2026-01-02T03:04:05.678Z. */
  static final NotificationId ID =
      new NotificationId(UUID.fromString("019b7ca9-8f2e-7000-8000-000000000001"));

  private Attempts() {}

  static DeliveryAttempt to(String url) {
    return of(
        Notification.to("webhook:" + url).subject("Order 1001").text("It has shipped.").build(), 1);
  }

  static DeliveryAttempt of(Notification notification, int number) {
    return DeliveryAttempt.of(new DeliveryId(ID, 0), notification, ChannelId.of("webhook"), number);
  }
}
