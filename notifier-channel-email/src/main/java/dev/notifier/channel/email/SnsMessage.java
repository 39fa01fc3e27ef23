package dev.notifier.channel.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.spi.InvalidCallbackException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;

/**
 * What Amazon SNS posts, as it came: nothing of it is proven yet.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html">AWS,
 *     message and JSON formats</a>
 */
final class SnsMessage {
  static final String NOTIFICATION = "Notification";
  static final String SUBSCRIPTION = "SubscriptionConfirmation";
  static final String END_OF_SUBSCRIPTION = "UnsubscribeConfirmation";

  private static final List<String> SIGNED_OF_NOTIFICATION =
      List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
  private static final List<String> SIGNED_OF_SUBSCRIPTION =
      List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

  private final JsonNode json;

  private SnsMessage(JsonNode json) {
    this.json = json;
  }

  /**
   * Reads a message. The body is JSON, whatever its content type says.
   *
   * @throws InvalidCallbackException if it is none
   */
  static SnsMessage parse(byte[] body) {
    JsonNode json = Json.read(body);
    if (!json.isObject()) {
      throw InvalidCallbackException.malformed("the body of the SNS message is not a JSON object");
    }
    SnsMessage message = new SnsMessage(json);
    if (!List.of(NOTIFICATION, SUBSCRIPTION, END_OF_SUBSCRIPTION).contains(message.type())) {
      throw InvalidCallbackException.malformed("the Type of the SNS message is unknown");
    }
    return message;
  }

  String type() {
    return text("Type");
  }

  String topicArn() {
    return text("TopicArn");
  }

  String message() {
    return text("Message");
  }

  String signingCertUrl() {
    return text("SigningCertURL");
  }

  String subscribeUrl() {
    return text("SubscribeURL");
  }

  Instant timestamp() {
    try {
      return Instant.parse(text("Timestamp"));
    } catch (DateTimeParseException e) {
      throw InvalidCallbackException.malformed("the Timestamp of the SNS message is no time");
    }
  }

  byte[] signature() {
    try {
      return Base64.getDecoder().decode(text("Signature"));
    } catch (IllegalArgumentException e) {
      throw InvalidCallbackException.forged("the Signature of the SNS message is not base64");
    }
  }

  /** Returns the name by which Java knows how it is signed. */
  String signatureAlgorithm() {
    return switch (text("SignatureVersion")) {
      case "1" -> "SHA1withRSA";
      case "2" -> "SHA256withRSA";
      default ->
          throw InvalidCallbackException.forged(
              "the SignatureVersion of the SNS message is neither 1 nor 2");
    };
  }

  /** Returns what is signed: names and values, a line each. */
  String signedText() {
    StringBuilder text = new StringBuilder();
    for (String name :
        type().equals(NOTIFICATION) ? SIGNED_OF_NOTIFICATION : SIGNED_OF_SUBSCRIPTION) {
      if (!name.equals("Subject") || json.path(name).isTextual()) {
        text.append(name).append('\n').append(text(name)).append('\n');
      }
    }
    return text.toString();
  }

  private String text(String name) {
    JsonNode value = json.path(name);
    if (!value.isTextual()) {
      throw InvalidCallbackException.malformed("the SNS message has no " + name);
    }
    return value.textValue();
  }

  /** Returns the type only. */
  @Override
  public String toString() {
    return "SnsMessage[" + type() + "]";
  }
}
