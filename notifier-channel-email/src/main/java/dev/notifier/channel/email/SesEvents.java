package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.DeliveryUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Amazon SES publishes about messages, in both of its forms: event publishing ({@code
 * eventType}) and feedback notifications ({@code notificationType}).
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html">
 *     AWS, contents of event data</a>
 */
final class SesEvents {
  /** SES did not even try: the address is on a list of its own. */
  private static final Set<String> LISTED = Set.of("Suppressed", "OnAccountSuppressionList");

  private final SnsInbox inbox;

  SesEvents(SnsInbox inbox) {
    this.inbox = inbox;
  }

  List<DeliveryUpdate> receive(CallbackRequest request) {
    return inbox.receive(request).map(SesEvents::updates).orElse(List.of());
  }

  /** Other things than events are published, too, such as that the topic works. */
  private static List<DeliveryUpdate> updates(String published) {
    JsonNode event = Json.read(published);
    return switch (event.path("eventType").asText(event.path("notificationType").asText(""))) {
      case "Delivery" -> deliveries(event);
      case "Bounce" -> bounces(event);
      case "Complaint" -> complaints(event);
      case "Reject" -> failure(event, "SES says reject: " + words(event.path("reject"), "reason"));
      case "Rendering Failure" ->
          failure(event, "SES says failure: " + words(event.path("failure"), "errorMessage"));
      default -> List.of();
    };
  }

  private static List<DeliveryUpdate> deliveries(JsonNode event) {
    List<DeliveryUpdate> updates = new ArrayList<>();
    for (JsonNode recipient : event.path("delivery").path("recipients")) {
      about(event, recipient.asText(), DeliveryStatus.DELIVERED, "SES says delivered")
          .ifPresent(updates::add);
    }
    return updates;
  }

  private static List<DeliveryUpdate> bounces(JsonNode event) {
    JsonNode bounce = event.path("bounce");
    List<DeliveryUpdate> updates = new ArrayList<>();
    for (JsonNode recipient : bounce.path("bouncedRecipients")) {
      about(event, address(recipient), DeliveryStatus.BOUNCED, reason(bounce, recipient))
          .map(update -> isDead(bounce, recipient) ? update.suppressingRecipient() : update)
          .ifPresent(updates::add);
    }
    return updates;
  }

  private static String reason(JsonNode bounce, JsonNode recipient) {
    String kind = words(bounce, "bounceType") + ", " + words(bounce, "bounceSubType");
    String diagnosis = words(recipient, "diagnosticCode");
    return "SES says bounce (" + kind + ")" + (diagnosis.isEmpty() ? "" : ": " + diagnosis);
  }

  /**
   * SES calls permanent what servers refuse for policy, too. What was only called permanent is put
   * on its list by SES itself, and comes back as listed the next time.
   */
  private static boolean isDead(JsonNode bounce, JsonNode recipient) {
    return bounce.path("bounceType").asText().equals("Permanent")
        && (LISTED.contains(bounce.path("bounceSubType").asText())
            || ProviderWords.sayGone(
                recipient.path("status").asText(""), recipient.path("diagnosticCode").asText("")));
  }

  private static List<DeliveryUpdate> complaints(JsonNode event) {
    JsonNode complaint = event.path("complaint");
    String kind = words(complaint, "complaintFeedbackType");
    String reason = "SES says complaint" + (kind.isEmpty() ? "" : " (" + kind + ")");
    List<DeliveryUpdate> updates = new ArrayList<>();
    for (JsonNode recipient : complaint.path("complainedRecipients")) {
      about(event, address(recipient), DeliveryStatus.DELIVERED, reason)
          .map(DeliveryUpdate::suppressingRecipient)
          .ifPresent(updates::add);
    }
    return updates;
  }

  private static List<DeliveryUpdate> failure(JsonNode event, String reason) {
    return named(event, DeliveryStatus.BOUNCED, reason).map(List::of).orElse(List.of());
  }

  private static String address(JsonNode recipient) {
    return recipient.path("emailAddress").asText("");
  }

  private static String words(JsonNode node, String name) {
    return ProviderWords.shown(node.path(name).asText(""));
  }

  private static Optional<DeliveryUpdate> about(
      JsonNode event, String address, DeliveryStatus status, String reason) {
    return isAboutRecipient(event, address) ? named(event, status, reason) : Optional.empty();
  }

  /** Without a tag the first of several is the recipient, since it was named first. */
  private static boolean isAboutRecipient(JsonNode event, String address) {
    String tag = tag(event, EventTags.RECIPIENT);
    JsonNode all = event.path("mail").path("destination");
    boolean byOrder = tag.isEmpty() && all.size() > 1;
    return byOrder
        ? all.path(0).asText().equalsIgnoreCase(address)
        : EventTags.isAboutRecipient(tag, tag(event, EventTags.DELIVERY), address);
  }

  /** Names the delivery by our own id, or by that of SES; none if the event has neither. */
  private static Optional<DeliveryUpdate> named(
      JsonNode event, DeliveryStatus status, String reason) {
    Optional<DeliveryId> delivery = EventTags.delivery(tag(event, EventTags.DELIVERY));
    if (delivery.isPresent()) {
      return Optional.of(DeliveryUpdate.of(delivery.get(), status, reason));
    }
    return Optional.of(event.path("mail").path("messageId").asText(""))
        .filter(id -> !id.isEmpty())
        .map(id -> DeliveryUpdate.of(id, status, reason));
  }

  /** Tags come with event publishing; headers with feedback, if SES is told to include them. */
  private static String tag(JsonNode event, String name) {
    String tag = event.path("mail").path("tags").path(name).path(0).asText("");
    if (!tag.isEmpty()) {
      return tag;
    }
    for (JsonNode header : event.path("mail").path("headers")) {
      if (header.path("name").asText("").equalsIgnoreCase(EventTags.header(name))) {
        return header.path("value").asText("");
      }
    }
    return "";
  }
}
