package dev.notifier.channel.sms;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Vonage's delivery receipts, as a query, a form or JSON.
 *
 * @see <a href="https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts">Vonage,
 *     delivery receipts</a>
 * @see <a href="https://developer.vonage.com/en/getting-started/concepts/signing-messages">Vonage,
 *     signing messages</a>
 */
final class VonageCallbacks {
  private static final String SIGNATURE = "sig";
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final Set<String> LOST = Set.of("expired", "failed", "rejected");
  private static final Pattern CODE = Pattern.compile("[0-9]{1,4}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private final VonageSignature method;
  private final Optional<String> secret;
  private final InstantSource clock;

  VonageCallbacks(VonageSignature method, Optional<String> secret, InstantSource clock) {
    this.method = method;
    this.secret = secret;
    this.clock = clock;
  }

  /** Vonage marks its callbacks with no header. */
  boolean recognises(CallbackRequest request) {
    return request.header("X-Twilio-Signature").isEmpty();
  }

  List<DeliveryUpdate> receive(CallbackRequest request) {
    CallbackParameters parameters =
        request.body().length == 0
            ? CallbackParameters.ofQuery(request.url())
            : CallbackParameters.ofBody(request);
    checkSignature(parameters);
    checkAge(parameters);
    return update(parameters).map(List::of).orElse(List.of());
  }

  private void checkSignature(CallbackParameters parameters) {
    String key =
        secret.orElseThrow(
            () ->
                InvalidCallbackException.forged(
                    "receipts cannot be verified: set signature(...), and signed webhooks in the"
                        + " Vonage dashboard"));
    String given =
        parameters
            .value(SIGNATURE)
            .orElseThrow(() -> InvalidCallbackException.forged("there is no " + SIGNATURE));
    String expected = Secrets.hex(method.sign(signedText(parameters), key));
    if (given.length() != expected.length()) {
      throw InvalidCallbackException.forged(
          "the signature has "
              + given.length()
              + " digits, but "
              + method
              + " has "
              + expected.length()
              + ": set the method that the Vonage dashboard shows");
    }
    if (!Secrets.sameHex(given, expected)) {
      throw InvalidCallbackException.forged("the signature is wrong");
    }
  }

  /** Every pair but the signature, in the order of names, without what would be ambiguous. */
  static String signedText(CallbackParameters parameters) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, List<String>> entry : parameters.all().entrySet()) {
      if (entry.getValue().size() > 1) {
        throw InvalidCallbackException.malformed("a parameter comes twice");
      }
      String value = entry.getValue().get(0);
      if (!entry.getKey().equals(SIGNATURE) && !value.isBlank()) {
        text.append('&').append(plain(entry.getKey())).append('=').append(plain(value));
      }
    }
    return text.toString();
  }

  private static String plain(String text) {
    return text.replace('&', '_').replace('=', '_');
  }

  private void checkAge(CallbackParameters parameters) {
    Duration off = Duration.between(signedAt(parameters), clock.instant()).abs();
    if (off.compareTo(TOLERANCE) > 0) {
      throw InvalidCallbackException.forged(
          "the callback was signed "
              + off.toSeconds()
              + " seconds off this clock; at most "
              + TOLERANCE.toSeconds()
              + " are allowed");
    }
  }

  private static Instant signedAt(CallbackParameters parameters) {
    try {
      return parameters
          .value("timestamp")
          .filter(seconds -> SECONDS.matcher(seconds).matches())
          .map(seconds -> Instant.ofEpochSecond(Long.parseLong(seconds)))
          .orElseThrow(() -> InvalidCallbackException.forged("there is no timestamp in seconds"));
    } catch (DateTimeException e) {
      throw InvalidCallbackException.forged("the timestamp is out of range");
    }
  }

  private static Optional<DeliveryUpdate> update(CallbackParameters parameters) {
    String status = parameters.value("status").orElse("");
    if (status.equals("delivered")) {
      return Optional.of(about(parameters, DeliveryStatus.DELIVERED, "Vonage says delivered"));
    }
    if (!LOST.contains(status)) {
      return Optional.empty(); // an interim state, an unknown fate, or a message that came in
    }
    String code =
        parameters.value("err-code").filter(text -> CODE.matcher(text).matches()).orElse("none");
    DeliveryUpdate update =
        about(parameters, DeliveryStatus.BOUNCED, "Vonage says " + status + ", error " + code);
    return Optional.of(VonageStatuses.suppresses(code) ? update.suppressingRecipient() : update);
  }

  private static DeliveryUpdate about(
      CallbackParameters parameters, DeliveryStatus status, String reason) {
    Optional<DeliveryId> delivery =
        parameters.value("client-ref").flatMap(VonageCallbacks::deliveryId);
    if (delivery.isPresent()) {
      return DeliveryUpdate.of(delivery.get(), status, reason);
    }
    String messageId =
        parameters
            .value("messageId")
            .or(() -> parameters.value("message-id"))
            .orElseThrow(() -> InvalidCallbackException.malformed("there is no messageId"));
    return DeliveryUpdate.of(messageId, status, reason);
  }

  /** The reference may be another application's, which uses the same account. */
  private static Optional<DeliveryId> deliveryId(String reference) {
    try {
      return Optional.of(DeliveryId.parse(reference));
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }
}
