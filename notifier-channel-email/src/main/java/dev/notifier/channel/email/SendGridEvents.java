package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SendGrid's event webhook.
 *
 * @see <a
 *     href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event">SendGrid,
 *     event webhook reference</a>
 */
final class SendGridEvents {
  /** Why SendGrid did not even try: the address is on one of its own lists. */
  private static final Set<String> LISTED =
      Set.of("Bounced Address", "Unsubscribed Address", "Spam Reporting Address", "Invalid");

  private final @Nullable SendGridSignature signature;
  private final InstantSource clock;

  /**
   * Creates the reader of one webhook.
   *
   * @param signature null to refuse every event
   */
  SendGridEvents(@Nullable SendGridSignature signature, InstantSource clock) {
    this.signature = signature;
    this.clock = clock;
  }

  List<DeliveryUpdate> receive(CallbackRequest request) {
    if (!SendGridSignature.isOn(request)) {
      throw InvalidCallbackException.malformed(
          "there is no "
              + SendGridSignature.SIGNATURE
              + " header: turn the signed event webhook on in SendGrid's settings");
    }
    if (signature == null) {
      throw InvalidCallbackException.forged(
          "events cannot be verified: call eventKey(...) with the key that SendGrid shows");
    }
    signature.verify(request, clock.instant());
    return updates(Json.read(request.body()));
  }

  private static List<DeliveryUpdate> updates(JsonNode events) {
    if (!events.isArray()) {
      throw InvalidCallbackException.malformed("the events of SendGrid are not a JSON array");
    }
    List<DeliveryUpdate> updates = new ArrayList<>();
    events.forEach(event -> update(event).ifPresent(updates::add));
    return updates;
  }

  private static Optional<DeliveryUpdate> update(JsonNode event) {
    if (!EventTags.isAboutRecipient(
        text(event, EventTags.RECIPIENT), text(event, EventTags.DELIVERY), text(event, "email"))) {
      return Optional.empty();
    }
    return switch (text(event, "event")) {
      case "delivered" -> about(event, DeliveryStatus.DELIVERED, "SendGrid says delivered");
      case "bounce" -> bounce(event);
      case "dropped" -> drop(event);
      case "spamreport" ->
          about(event, DeliveryStatus.DELIVERED, "SendGrid says spamreport")
              .map(DeliveryUpdate::suppressingRecipient);
      case "unsubscribe" ->
          about(event, DeliveryStatus.DELIVERED, "SendGrid says unsubscribe")
              .map(DeliveryUpdate::suppressingRecipient);
      // processed and deferred are no end; the rest is what readers do
      default -> Optional.empty();
    };
  }

  private static Optional<DeliveryUpdate> bounce(JsonNode event) {
    boolean blocked = text(event, "type").equals("blocked");
    String words = text(event, "reason");
    Optional<DeliveryUpdate> update =
        about(
            event,
            DeliveryStatus.BOUNCED,
            "SendGrid says "
                + (blocked ? "blocked" : "bounce")
                + ": "
                + ProviderWords.shown(words));
    // What is blocked is blocked for the sender's sake.
    return !blocked && ProviderWords.sayGone(text(event, "status"), words)
        ? update.map(DeliveryUpdate::suppressingRecipient)
        : update;
  }

  private static Optional<DeliveryUpdate> drop(JsonNode event) {
    String words = text(event, "reason");
    Optional<DeliveryUpdate> update =
        about(
            event, DeliveryStatus.BOUNCED, "SendGrid says dropped: " + ProviderWords.shown(words));
    return LISTED.contains(words) ? update.map(DeliveryUpdate::suppressingRecipient) : update;
  }

  /** Names the delivery by our own id, or by SendGrid's; none if the event has neither. */
  private static Optional<DeliveryUpdate> about(
      JsonNode event, DeliveryStatus status, String reason) {
    Optional<DeliveryId> delivery =
        EventTags.delivery(text(event, EventTags.DELIVERY))
            .or(() -> deliveryOfMessageId(text(event, "smtp-id")));
    return delivery.isPresent()
        ? Optional.of(DeliveryUpdate.of(delivery.get(), status, reason))
        : messageId(event).map(id -> DeliveryUpdate.of(id, status, reason));
  }

  private static Optional<DeliveryId> deliveryOfMessageId(String messageId) {
    int at = messageId.indexOf('@');
    return messageId.startsWith("<") && at > 0
        ? EventTags.delivery(messageId.substring(1, at))
        : Optional.empty();
  }

  /** What SendGrid answered to the send is the start of what it says in events. */
  private static Optional<String> messageId(JsonNode event) {
    String id = text(event, "sg_message_id");
    int dot = id.indexOf('.');
    return Optional.of(dot < 0 ? id : id.substring(0, dot)).filter(start -> !start.isEmpty());
  }

  private static String text(JsonNode event, String name) {
    return event.path(name).asText("");
  }
}
