package dev.notifier.channel.sms;

import dev.notifier.DeliveryId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One message, ready for any provider.
 *
 * @param delivery our own id of the delivery
 * @param to the recipient in E.164 form
 * @param from the sender, if the notification names one
 * @param text what it says; fits the limits
 * @param mediaUrls where the provider fetches pictures and the like; an MMS if there are any
 * @param validity how long the provider may try, if that is limited
 */
record SmsMessage(
    DeliveryId delivery,
    String to,
    Optional<Sender> from,
    String text,
    List<String> mediaUrls,
    Optional<Duration> validity) {
  boolean isMms() {
    return !mediaUrls.isEmpty();
  }

  @Override
  public String toString() {
    return "SmsMessage[" + delivery + "]";
  }
}
