package dev.notifier.channel.sms;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Twilio's status callbacks.
 *
 * <p>They carry no time of signing. One that is replayed can only say again what it said before,
 * and a delivery never leaves a final state.
 *
 * @see <a
 *     href="https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks">
 *     Twilio, message status in status callbacks</a>
 */
final class TwilioCallbacks {
  private static final String SIGNATURE = "X-Twilio-Signature";
  private static final String BODY_HASH = "bodySHA256";
  private static final Set<String> ARRIVED = Set.of("delivered", "read");
  private static final Set<String> LOST = Set.of("undelivered", "failed", "canceled");
  private static final Pattern CODE = Pattern.compile("[0-9]{1,6}");

  private final TwilioSignature signature;
  private final Optional<String> publicUrl;

  /**
   * Creates the reader of an account's callbacks.
   *
   * @param publicUrl the URL that Twilio calls, where the host's own server sees another one
   */
  TwilioCallbacks(String authToken, Optional<String> publicUrl) {
    this.signature = new TwilioSignature(authToken);
    this.publicUrl = publicUrl;
  }

  boolean recognises(CallbackRequest request) {
    return request.header(SIGNATURE).isPresent();
  }

  List<DeliveryUpdate> receive(CallbackRequest request) {
    return update(verified(request)).map(List::of).orElse(List.of());
  }

  private CallbackParameters verified(CallbackRequest request) {
    String given =
        request
            .header(SIGNATURE)
            .orElseThrow(() -> InvalidCallbackException.forged("no " + SIGNATURE + " header"));
    String url = signedUrl(request.url());
    CallbackParameters query = CallbackParameters.ofQuery(url);
    byte[] body = request.body();
    Optional<String> bodyHash = query.value(BODY_HASH);
    boolean form = body.length > 0 && bodyHash.isEmpty();
    CallbackParameters signedForm =
        form ? CallbackParameters.ofForm(body) : CallbackParameters.none();
    if (!signature.matches(given, url, signedForm.all())) {
      throw InvalidCallbackException.forged(
          "the "
              + SIGNATURE
              + " is wrong: check the auth token, and statusCallback(...) if a proxy changes the"
              + " URL");
    }
    if (bodyHash.isEmpty()) {
      return form ? signedForm : query;
    }
    checkHash(bodyHash.get(), body);
    return CallbackParameters.ofBody(request);
  }

  private static void checkHash(String expected, byte[] body) {
    if (!Secrets.sameHex(expected, Secrets.hex(Secrets.hash("SHA-256", body)))) {
      throw InvalidCallbackException.forged("the body is not the one that " + BODY_HASH + " is of");
    }
  }

  /** The public URL if one is known, with the query of this request. */
  private String signedUrl(String received) {
    int query = received.indexOf('?');
    return publicUrl
        .map(url -> query < 0 ? url : withoutQuery(url) + received.substring(query))
        .orElse(received);
  }

  private static String withoutQuery(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  private static Optional<DeliveryUpdate> update(CallbackParameters parameters) {
    String status = parameters.value("MessageStatus").orElse("");
    if (!ARRIVED.contains(status) && !LOST.contains(status)) {
      return Optional.empty(); // an interim state, a message that came in, or something new
    }
    String sid =
        parameters
            .value("MessageSid")
            .or(() -> parameters.value("SmsSid"))
            .orElseThrow(() -> InvalidCallbackException.malformed("there is no MessageSid"));
    return Optional.of(
        ARRIVED.contains(status)
            ? DeliveryUpdate.of(sid, DeliveryStatus.DELIVERED, "Twilio says " + status)
            : lost(sid, status, code(parameters)));
  }

  private static int code(CallbackParameters parameters) {
    return parameters
        .value("ErrorCode")
        .filter(code -> CODE.matcher(code).matches())
        .map(Integer::parseInt)
        .orElse(0);
  }

  private static DeliveryUpdate lost(String sid, String status, int code) {
    DeliveryUpdate update =
        DeliveryUpdate.of(
            sid,
            DeliveryStatus.BOUNCED,
            "Twilio says " + status + (code == 0 ? "" : ", error " + code));
    return TwilioErrors.suppresses(code) ? update.suppressingRecipient() : update;
  }
}
