package dev.notifier.channel.email;

import dev.notifier.DeliveryId;
import dev.notifier.InvalidNotificationException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a message carries through a provider so that the events about it find their way back.
 *
 * <p>A message with copies also carries by which address to know its own recipient, as a hash: what
 * becomes of a copy says nothing about the delivery, and must not suppress its address.
 */
final class EventTags {
  static final String DELIVERY = "notifier_delivery";
  static final String RECIPIENT = "notifier_recipient";

  private static final int HASH_LENGTH = 32;

  private EventTags() {}

  /** Returns the tags of a message, of letters, digits, hyphens and underscores. */
  static Map<String, String> of(EmailMessage message) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(DELIVERY, message.delivery().toString());
    if (message.hasCopies()) {
      String delivery = message.delivery().toString();
      tags.put(RECIPIENT, hash(delivery, message.to().address().comparable()));
    }
    return tags;
  }

  /** Returns the header that says the same as a tag, for providers that give headers back. */
  static String header(String tag) {
    return "X-" + tag.replace('_', '-');
  }

  /** Returns the delivery that a tag names; the tag may be another application's. */
  static Optional<DeliveryId> delivery(String tag) {
    try {
      return Optional.of(DeliveryId.parse(tag));
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }

  /**
   * Tells whether an event concerns the recipient of the delivery.
   *
   * @param recipient the recipient's tag, empty if the message had no copies
   * @param delivery the delivery's tag
   */
  static boolean isAboutRecipient(String recipient, String delivery, String address) {
    return recipient.isEmpty() || recipient.equals(hash(delivery, address));
  }

  /** Another one for each delivery, since providers keep tags for long. */
  private static String hash(String delivery, String address) {
    String text = delivery + ' ' + address.strip().toLowerCase(Locale.ROOT);
    return Secrets.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, HASH_LENGTH);
  }
}
