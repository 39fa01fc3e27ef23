package dev.notifier.channel.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a webhook that came in is genuine: for whoever receives webhooks signed by Standard
 * Webhooks 1.0, from this library or any other. Immutable and thread-safe.
 *
 * <pre>{@code
 * WebhookVerifier verifier = WebhookVerifier.of("whsec_…");
 * String id = verifier.verify(request::getHeader, body);   // the bytes as they came, not parsed
 * }</pre>
 *
 * <p>A genuine webhook may still come twice, because delivery is at least once: remember the ids.
 *
 * @see <a href="https://github.com/standard-webhooks/standard-webhooks">Standard Webhooks</a>
 */
public final class WebhookVerifier {
  private static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);

  /** More would only be there to make this work. */
  private static final int MOST_SIGNATURES = 32;

  private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{1,12}");

  private final List<VerificationKey> keys;
  private final Duration tolerance;
  private final InstantSource clock;

  private WebhookVerifier(List<VerificationKey> keys, Duration tolerance, InstantSource clock) {
    this.keys = keys;
    this.tolerance = tolerance;
    this.clock = clock;
  }

  /**
   * Returns a verifier that accepts a signature by any of these keys, with a tolerance of 300
   * seconds.
   *
   * @param key a symmetric secret, with {@code whsec_} or without, or an Ed25519 public key, {@code
   *     whpk_…}
   * @throws IllegalArgumentException if a key cannot be read; the message does not show it
   */
  public static WebhookVerifier of(String key, String... more) {
    List<VerificationKey> keys = new ArrayList<>();
    keys.add(VerificationKey.parse(key));
    for (String other : more) {
      keys.add(VerificationKey.parse(other));
    }
    return new WebhookVerifier(List.copyOf(keys), DEFAULT_TOLERANCE, InstantSource.system());
  }

  /**
   * Returns this verifier accepting timestamps that differ by at most this much from now, either
   * way.
   *
   * @throws IllegalArgumentException if it is not above zero, or over 1 day
   */
  public WebhookVerifier withTolerance(Duration tolerance) {
    if (tolerance.isZero()
        || tolerance.isNegative()
        || tolerance.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "tolerance must be above zero and at most 1 day, but was " + tolerance);
    }
    return new WebhookVerifier(keys, tolerance, clock);
  }

  /** Returns this verifier with another clock than the system's; meant for tests. */
  public WebhookVerifier withClock(InstantSource clock) {
    return new WebhookVerifier(keys, tolerance, Objects.requireNonNull(clock, "clock"));
  }

  /**
   * Verifies a webhook whose headers are in a map; upper and lower case of names do not matter.
   *
   * @return the webhook's id, the same when it comes again
   * @throws InvalidWebhookException if it is not genuine; the message says why, without the
   *     signature
   */
  public String verify(Map<String, String> headers, byte[] body) {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    return verify(anyCase::get, body);
  }

  /**
   * Verifies a webhook.
   *
   * @param headers returns the value of a header, or null; such as {@code request::getHeader}
   * @param body the body, byte for byte as it came
   * @return the webhook's id, the same when it comes again
   * @throws InvalidWebhookException if it is not genuine; the message says why, without the
   *     signature
   */
  public String verify(Function<String, @Nullable String> headers, byte[] body) {
    String id = required(headers, WebhookSignature.ID);
    String timestamp = required(headers, WebhookSignature.TIMESTAMP);
    String signatures = required(headers, WebhookSignature.SIGNATURE);
    if (id.indexOf('.') >= 0) { // or a part of the body could pass for the timestamp
      throw new InvalidWebhookException("header webhook-id must not hold a dot");
    }
    checkTimestamp(timestamp);
    if (!isSigned(Crypto.signedContent(id, timestamp, body), signatures)) {
      throw new InvalidWebhookException(
          "header webhook-signature holds no signature of this webhook by a known key");
    }
    return id;
  }

  private static String required(Function<String, @Nullable String> headers, String name) {
    String value = headers.apply(name);
    if (value == null || value.isBlank()) {
      throw new InvalidWebhookException("header " + name + " is missing");
    }
    return value;
  }

  private void checkTimestamp(String timestamp) {
    if (!TIMESTAMP.matcher(timestamp).matches()) {
      throw new InvalidWebhookException("header webhook-timestamp must be Unix time in seconds");
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    Duration age = Duration.between(sent, clock.instant());
    if (age.abs().compareTo(tolerance) > 0) {
      throw new InvalidWebhookException(
          "header webhook-timestamp must be within "
              + tolerance.toSeconds()
              + " seconds of now, but is "
              + Math.abs(age.toSeconds())
              + (age.isNegative() ? " ahead" : " behind"));
    }
  }

  /** Goes through all pairs of key and signature, so that the time tells nothing of either. */
  private boolean isSigned(byte[] content, String header) {
    boolean signed = false;
    String[] signatures = header.split(" ", MOST_SIGNATURES + 1);
    for (int i = 0; i < Math.min(signatures.length, MOST_SIGNATURES); i++) {
      signed |= isSignature(content, signatures[i]);
    }
    return signed;
  }

  private boolean isSignature(byte[] content, String entry) {
    int comma = entry.indexOf(',');
    if (comma < 0) {
      return false;
    }
    String version = entry.substring(0, comma);
    byte[] signature = decode(entry.substring(comma + 1));
    boolean matches = false;
    for (VerificationKey key : keys) {
      matches |= key.version().equals(version) && key.matches(content, signature);
    }
    return matches;
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      return new byte[0]; // matches nothing
    }
  }
}
