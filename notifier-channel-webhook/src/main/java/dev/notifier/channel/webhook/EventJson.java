package dev.notifier.channel.webhook;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.Attachment;
import dev.notifier.DeliveryAttempt;
import dev.notifier.NotificationId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Writes events in the shape that Standard Webhooks recommends: type, timestamp, data. The schema
 * is in docs/WEBHOOK.md and grows only.
 */
final class EventJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int UUID_BY_TIME = 7;

  private EventJson() {}

  /** Returns the event of a notification: the same for each of its attempts. */
  static WebhookBody message(String defaultType, DeliveryAttempt attempt, Instant now) {
    ObjectNode data = MAPPER.createObjectNode();
    data.put("id", attempt.delivery().toString());
    data.put("notification", attempt.delivery().notification().toString());
    data.put("correlationId", attempt.correlationId());
    data.put("priority", attempt.priority().name().toLowerCase(Locale.ROOT));
    attempt.notification().recipient().name().ifPresent(name -> data.put("recipient", name));
    attempt.content().subject().ifPresent(subject -> data.put("subject", subject));
    attempt.content().text().ifPresent(text -> data.put("text", text));
    attempt.content().html().ifPresent(html -> data.put("html", html));
    if (!attempt.notification().data().isEmpty()) {
      data.set("values", MAPPER.valueToTree(attempt.notification().data()));
    }
    addAttachments(attempt.attachments(), data);
    String type = WebhookOptions.eventType(optionsOf(attempt)).orElse(defaultType);
    return WebhookBody.json(event(type, acceptedAt(attempt.delivery().notification(), now), data));
  }

  private static Map<String, String> optionsOf(DeliveryAttempt attempt) {
    return attempt.notification().optionsFor(attempt.channel());
  }

  /** Attachments are described and not sent: an event should be small. */
  private static void addAttachments(List<Attachment> attachments, ObjectNode data) {
    if (attachments.isEmpty()) {
      return;
    }
    ArrayNode array = data.putArray("attachments");
    for (Attachment attachment : attachments) {
      array
          .addObject()
          .put("name", attachment.name())
          .put("contentType", attachment.contentType())
          .put("size", attachment.size());
    }
  }

  /** The id holds the time of acceptance, which unlike the time of an attempt stays the same. */
  private static Instant acceptedAt(NotificationId notification, Instant now) {
    UUID id = notification.value();
    return id.version() == UUID_BY_TIME
        ? Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16)
        : now;
  }

  /** Returns an empty object, to be filled and handed to {@link #event}. */
  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** Returns an event as text. */
  static String event(String type, Instant timestamp, ObjectNode data) {
    ObjectNode event = MAPPER.createObjectNode();
    event.put("type", type);
    event.put("timestamp", timestamp.toString());
    event.set("data", data);
    return event.toString(); // is JSON, see JsonNode
  }
}
