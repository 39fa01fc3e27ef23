package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookVerifierTest {
  static final String SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";
  static final String OLD_SECRET = "whsec_b2xkb2xkb2xkb2xkb2xkb2xkb2xkb2xk";

  /** The first test key of RFC 8032, 7.1. */
  static final String PRIVATE_KEY = "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

  static final String PUBLIC_KEY = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final byte[] BODY = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);

  private static Map<String, String> signed(String... secrets) {
    List<SigningKey> keys = List.of(secrets).stream().map(SigningKey::parse).toList();
    WebhookSignature.Stamp stamp = new WebhookSignature.Stamp("msg-1", "1700000000");
    return new HashMap<>(WebhookSignature.headers(keys, Optional.empty(), stamp, BODY));
  }

  private static WebhookVerifier verifier(String key, String... more) {
    return WebhookVerifier.of(key, more).withClock(InstantSource.fixed(NOW));
  }

  @Test
  void whileSecretsChangeEitherSideMayBeAhead() {
    assertThat(verifier(SECRET).verify(signed(SECRET, OLD_SECRET), BODY)).isEqualTo("msg-1");
    assertThat(verifier(OLD_SECRET).verify(signed(SECRET, OLD_SECRET), BODY)).isEqualTo("msg-1");
    assertThat(verifier(SECRET, OLD_SECRET).verify(signed(OLD_SECRET), BODY)).isEqualTo("msg-1");
  }

  @Test
  void symmetricAndAsymmetricSignaturesStandSideBySide() {
    Map<String, String> headers = signed(SECRET, PRIVATE_KEY);

    assertThat(headers.get("webhook-signature")).matches("v1,\\S{44} v1a,\\S{88}");
    assertThat(verifier(SECRET).verify(headers, BODY)).isEqualTo("msg-1");
    assertThat(verifier(PUBLIC_KEY).verify(headers, BODY)).isEqualTo("msg-1");
  }

  @Test
  void aChangedByteOfAnyPartIsNoticed() {
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      Map<String, String> headers = signed(SECRET, PRIVATE_KEY);
      headers.merge(name, "", (value, none) -> changed(value, name));
      assertThatThrownBy(() -> verifier(SECRET, PUBLIC_KEY).verify(headers, BODY))
          .isInstanceOf(InvalidWebhookException.class);
    }
    byte[] other = "{\"a\":2}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> verifier(SECRET, PUBLIC_KEY).verify(signed(SECRET), other))
        .hasMessage("header webhook-signature holds no signature of this webhook by a known key");
  }

  private static String changed(String value, String name) {
    return name.equals("webhook-signature")
        ? value.replaceAll(",.", ",*")
        : value.substring(0, value.length() - 1) + "7";
  }

  @Test
  void aKeyOfOneKindDoesNotVerifyTheOther() {
    Map<String, String> headers = signed(SECRET);
    headers.computeIfPresent("webhook-signature", (name, value) -> value.replace("v1,", "v1a,"));
    assertThatThrownBy(() -> verifier(SECRET, PUBLIC_KEY).verify(headers, BODY))
        .isInstanceOf(InvalidWebhookException.class);
  }

  @Test
  void anIdWithADotIsRefusedSinceItCouldPassForATimestamp() {
    Map<String, String> headers = signed(SECRET);
    headers.put("webhook-id", "msg.1");
    assertThatThrownBy(() -> verifier(SECRET).verify(headers, BODY))
        .hasMessage("header webhook-id must not hold a dot");
  }

  @ParameterizedTest
  @CsvSource({"300, true", "-300, true", "301, false", "-301, false"})
  void theToleranceHoldsBothWays(long seconds, boolean accepted) {
    WebhookVerifier verifier =
        WebhookVerifier.of(SECRET).withClock(InstantSource.fixed(NOW.plusSeconds(seconds)));
    if (accepted) {
      assertThat(verifier.verify(signed(SECRET), BODY)).isEqualTo("msg-1");
    } else {
      assertThatThrownBy(() -> verifier.verify(signed(SECRET), BODY))
          .hasMessageStartingWith("header webhook-timestamp must be within 300 seconds of now");
    }
  }

  @Test
  void theToleranceCanBeSet() {
    WebhookVerifier strict =
        WebhookVerifier.of(SECRET)
            .withTolerance(Duration.ofSeconds(1))
            .withClock(InstantSource.fixed(NOW.plusSeconds(2)));
    assertThatThrownBy(() -> strict.verify(signed(SECRET), BODY))
        .hasMessage("header webhook-timestamp must be within 1 seconds of now, but is 2 behind");
    assertThatThrownBy(() -> strict.withTolerance(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void onlySoManySignaturesAreLookedAt() {
    Map<String, String> headers = signed(SECRET);
    headers.computeIfPresent("webhook-signature", (name, value) -> "v1,AA== ".repeat(32) + value);
    assertThatThrownBy(() -> verifier(SECRET).verify(headers, BODY))
        .isInstanceOf(InvalidWebhookException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1e9", "-1", "99999999999999", "1700000000.5"})
  void aTimestampThatIsNoneIsRefused(String timestamp) {
    Map<String, String> headers = signed(SECRET);
    headers.put("webhook-timestamp", timestamp);
    assertThatThrownBy(() -> verifier(SECRET).verify(headers, BODY))
        .isInstanceOf(InvalidWebhookException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "whsec_c2hvcnQ= | must have 24 to 64 bytes after Base64 decoding, but has 5",
        "whsec_!!!! | must be Base64 after its prefix",
        "whsk_AAAA | must have 32 bytes (seed) or 64",
        "plain | must start with whsec_",
        "whpk_AAAA | must start with whsec_"
      })
  void aSecretThatCannotSignIsRefusedAndNotShown(String secret, String rule) {
    assertThatThrownBy(() -> WebhookChannel.signedWith(SECRET, secret))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(rule)
        .hasMessageNotContaining(secret.substring(secret.indexOf('_') + 1));
  }

  @Test
  void aPrivateKeyWithTheWrongPublicHalfIsRefused() {
    String other =
        "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A9QBfD6EOJWpK3CqdNG368nJgszy7ElozAzVXxKvRmDA==";
    assertThatThrownBy(() -> WebhookChannel.signedWith(other))
        .hasMessageContaining("must hold the public key that belongs to its seed")
        .hasMessageNotContaining("nWGx");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=", "whpk_AAAA", "whsec_AAAA"})
  void aKeyThatCannotVerifyIsRefused(String key) {
    assertThatThrownBy(() -> WebhookVerifier.of(key)).isInstanceOf(IllegalArgumentException.class);
  }
}
