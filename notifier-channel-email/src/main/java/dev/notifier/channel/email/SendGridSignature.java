package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.spi.InvalidCallbackException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * How SendGrid signs its events: ECDSA over the time and the body as it came, to the last byte.
 *
 * @see <a
 *     href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features">
 *     SendGrid, event webhook security features</a>
 */
final class SendGridSignature {
  static final String SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature";
  static final String TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp";

  /** SendGrid states none. A replay can only say again what is known, so this may be generous. */
  private static final Duration TOLERANCE = Duration.ofMinutes(10);

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");

  private final PublicKey key;

  /**
   * Creates the verifier of one webhook.
   *
   * @param key the verification key as SendGrid shows it
   * @throws IllegalArgumentException if it is not a public key on an elliptic curve
   */
  SendGridSignature(String key) {
    this.key = publicKey(key);
  }

  private static PublicKey publicKey(String base64) {
    try {
      byte[] encoded = Base64.getDecoder().decode(base64.strip());
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "eventKey must be the verification key of the event webhook, as SendGrid shows it in base64,"
              + " but the one given, of "
              + base64.length()
              + " characters, is not",
          e);
    }
  }

  /** Tells whether a request carries such a signature, right or wrong. */
  static boolean isOn(CallbackRequest request) {
    return request.header(SIGNATURE).isPresent();
  }

  /**
   * Verifies a request.
   *
   * @throws InvalidCallbackException if the signature or its time is missing, wrong or too far off
   */
  void verify(CallbackRequest request, Instant now) {
    String timestamp = header(TIMESTAMP, request);
    if (!isSigned(request, timestamp)) {
      throw InvalidCallbackException.forged(
          "the "
              + SIGNATURE
              + " is wrong: check the verification key, and that the body is handed over as it came,"
              + " with its last line break");
    }
    checkAge(timestamp, now);
  }

  private static String header(String name, CallbackRequest request) {
    return request
        .header(name)
        .orElseThrow(() -> InvalidCallbackException.forged("there is no " + name + " header"));
  }

  private boolean isSigned(CallbackRequest request, String timestamp) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initVerify(key);
      signature.update(timestamp.getBytes(StandardCharsets.UTF_8));
      signature.update(request.body());
      return signature.verify(Base64.getDecoder().decode(header(SIGNATURE, request)));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return false; // neither base64 nor DER
    }
  }

  private static void checkAge(String timestamp, Instant now) {
    if (!SECONDS.matcher(timestamp).matches()) {
      throw InvalidCallbackException.forged("the " + TIMESTAMP + " is not a time in seconds");
    }
    Duration off = Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now).abs();
    if (off.compareTo(TOLERANCE) > 0) {
      throw InvalidCallbackException.forged(
          "the events were signed "
              + off.toSeconds()
              + " seconds off this clock; at most "
              + TOLERANCE.toSeconds()
              + " are allowed");
    }
  }
}
