package dev.notifier.channel.sms;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.util.UUID;

/** Attempts to hand to a channel without an engine. */
final class Attempts {
  static final String NUMBER = "+14155550100";
  static final DeliveryId DELIVERY = DeliveryId.parse("01941f29-7c00-7a5b-8a5e-2b7d3c4e5f60-0");

  private Attempts() {}

  static DeliveryAttempt of(String text) {
    return of(Notification.to("sms:" + NUMBER).text(text));
  }

  static DeliveryAttempt of(Notification.Builder notification) {
    return DeliveryAttempt.of(DELIVERY, notification.build(), SmsChannel.ID, 1);
  }

  static DeliveryAttempt to(String number, String text) {
    DeliveryId delivery = new DeliveryId(new NotificationId(UUID.randomUUID()), 0);
    return DeliveryAttempt.of(
        delivery, Notification.to("sms:" + number).text(text).build(), SmsChannel.ID, 1);
  }
}
