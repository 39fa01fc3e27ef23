package dev.notifier.channel.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.notifier.http.HttpReply;
import dev.notifier.http.Redaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the Bot API answered, or whatever stands in front of it, which need not speak JSON.
 * Immutable.
 */
final class BotReply {
  private static final int SHOWN = 200;
  private static final byte[] OK = "{\"ok\":true".getBytes(StandardCharsets.UTF_8);

  private static final String UNPARSED = "can't parse entities";
  private static final String UNPARSED_CAPTION = "can't parse inputmedia: can't parse entities";

  private final int status;
  private final boolean ok;
  private final JsonNode json;
  private final String description;
  private final Optional<Duration> retryAfterHeader;

  private BotReply(int status, boolean ok, JsonNode json, String description, HttpReply reply) {
    this.status = status;
    this.ok = ok;
    this.json = json;
    this.description = description;
    this.retryAfterHeader = reply.retryAfter();
  }

  /** Reads a reply; the redaction hides what a description might repeat. */
  static BotReply of(HttpReply reply, Redaction redaction) {
    JsonNode json = Json.read(reply.body());
    boolean spoken = json.isObject() && json.path("ok").isBoolean();
    if (!spoken) {
      return new BotReply(
          reply.status(),
          reply.isSuccessful() && startsOk(reply.body()), // cut off, but it says the essential
          MissingNode.getInstance(),
          "",
          reply);
    }
    boolean ok = reply.isSuccessful() && json.path("ok").booleanValue();
    String description = redaction.apply(json.path("description").asText(""));
    int status =
        reply.isSuccessful() ? json.path("error_code").asInt(reply.status()) : reply.status();
    return new BotReply(status, ok, json, description, reply);
  }

  private static boolean startsOk(byte[] body) {
    return body.length >= OK.length && Arrays.equals(body, 0, OK.length, OK, 0, OK.length);
  }

  /** Tells whether the request was granted. */
  boolean isOk() {
    return ok;
  }

  /** Tells whether it was the Bot API that answered, and not a proxy. */
  boolean isFromBotApi() {
    return json.isObject();
  }

  /** Returns the error code, which is the HTTP status unless a proxy changed that to 200. */
  int status() {
    return status;
  }

  /** Tells whether the description starts so; upper and lower case do not matter. */
  boolean says(String start) {
    String said = description.toLowerCase(Locale.ROOT);
    return said.startsWith(start.toLowerCase(Locale.ROOT));
  }

  /** Tells whether the markup of the text is to blame. */
  boolean blamesMarkup() {
    return status == 400
        && (says("bad request: " + UNPARSED) || says("bad request: " + UNPARSED_CAPTION));
  }

  /** Returns the result of the method; a missing node if there is none. */
  JsonNode result() {
    return json.path("result");
  }

  /** Returns the id of the message that was sent, of an album that of its first. */
  Optional<String> messageId() {
    JsonNode message = result().isArray() ? result().path(0) : result();
    return Optional.of(message.path("message_id"))
        .filter(JsonNode::isIntegralNumber)
        .map(JsonNode::asText);
  }

  /** Returns the new id of a group that became a supergroup. */
  Optional<String> migratedTo() {
    return Optional.of(json.path("parameters").path("migrate_to_chat_id"))
        .filter(JsonNode::isIntegralNumber)
        .map(JsonNode::asText);
  }

  /** Returns how long to wait: the longer one of what the body and the header say. */
  Optional<Duration> retryAfter() {
    JsonNode seconds = json.path("parameters").path("retry_after");
    Duration said = Duration.ofSeconds(Math.max(0, (long) Math.ceil(seconds.asDouble(0))));
    Duration header = retryAfterHeader.orElse(Duration.ZERO);
    Duration longer = said.compareTo(header) > 0 ? said : header;
    return longer.isZero() ? Optional.empty() : Optional.of(longer);
  }

  /** Returns code and words, fit for a reason. A parse error quotes the message and is cut. */
  String reason() {
    if (blamesMarkup()) {
      return status + " Bad Request: " + UNPARSED;
    }
    String words = description.isEmpty() ? "without a description that can be read" : description;
    return status + " " + (words.length() <= SHOWN ? words : words.substring(0, SHOWN) + "…");
  }
}
