package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The vectors of the specification's own libraries and of Svix. */
class StandardWebhooksVectorsTest {
  private JsonNode vectors;

  @BeforeEach
  void read() throws IOException {
    vectors = SharedData.json("standard-webhooks/vectors.json");
  }

  @Test
  void everySignatureIsAsTheVectorsSay() {
    assertThat(vectors.path("sign")).hasSizeGreaterThanOrEqualTo(3);
    for (JsonNode vector : vectors.path("sign")) {
      String signature = SigningKey.parse(vector.path("secret").asText()).sign(content(vector));
      assertThat(signature).as(vector.path("id").asText()).isEqualTo(text(vector, "signature"));
    }
  }

  @Test
  void everySignatureOfTheVectorsIsVerified() {
    for (JsonNode vector : vectors.path("sign")) {
      String key = vector.has("public") ? text(vector, "public") : text(vector, "secret");
      Map<String, String> headers = headers(vector, text(vector, "signature"));
      byte[] body = text(vector, "payload").getBytes(StandardCharsets.UTF_8);

      assertThat(verifier(vector, key, 0).verify(headers, body)).isEqualTo(text(vector, "id"));
    }
  }

  @Test
  void whatMustBeAcceptedIsAccepted() {
    JsonNode vector = vectors.path("sign").get(0);
    String bare = vectors.path("verify_cases").path("secret").asText();
    byte[] body = text(vector, "payload").getBytes(StandardCharsets.UTF_8);
    String genuine = text(vector, "signature");
    StringBuilder list = new StringBuilder();
    vectors
        .path("verify_cases")
        .path("invalid_sigs")
        .forEach(s -> list.append(s.asText()).append(' '));
    list.append(genuine.replace("v1,", "v2,")).append(' ').append(genuine);

    assertThatCode(
            () -> {
              verifier(vector, bare, 0).verify(headers(vector, genuine), body);
              verifier(vector, "whsec_" + bare, 0).verify(headers(vector, genuine), body);
              verifier(vector, bare, 0).verify(headers(vector, list.toString()), body);
              verifier(vector, bare, 299).verify(headers(vector, genuine), body);
              verifier(vector, bare, -299).verify(headers(vector, genuine), body);
              verifier(vector, bare, 0).verify(upperCase(headers(vector, genuine)), body);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void whatMustBeRejectedIsRejected() {
    JsonNode vector = vectors.path("sign").get(0);
    String genuine = text(vector, "signature");

    for (String name : new String[] {"webhook-id", "webhook-timestamp", "webhook-signature"}) {
      Map<String, String> headers = headers(vector, genuine);
      headers.remove(name);
      assertRejected(vector, headers, 0);
    }
    assertRejected(vector, headers(vector, genuine.replace("v1,", "v2,")), 0);
    assertRejected(vector, headers(vector, "v1,"), 0);
    assertRejected(vector, headers(vector, genuine.substring(0, 8)), 0);
    assertRejected(vector, headers(vector, genuine.replace("v1,", "v1")), 0);
    assertRejected(vector, headers(vector, genuine), 301);
    assertRejected(vector, headers(vector, genuine), -301);
    Map<String, String> notANumber = headers(vector, genuine);
    notANumber.put("webhook-timestamp", "soon");
    assertRejected(vector, notANumber, 0);
    for (JsonNode invalid : vectors.path("verify_cases").path("invalid_sigs")) {
      assertRejected(vector, headers(vector, invalid.asText()), 0);
    }
  }

  private void assertRejected(JsonNode vector, Map<String, String> headers, long secondsLater) {
    byte[] body = text(vector, "payload").getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(
            () -> verifier(vector, text(vector, "secret"), secondsLater).verify(headers, body))
        .as("headers %s, %s seconds later", headers.keySet(), secondsLater)
        .isInstanceOf(InvalidWebhookException.class);
  }

  @Test
  void everyHeaderThatSvixForbidsIsReserved() {
    JsonNode forbidden = vectors.path("svix_forbidden_custom_headers");
    for (JsonNode name : forbidden.path("exact")) {
      assertReserved(name.asText());
    }
    for (JsonNode prefix : forbidden.path("prefix")) {
      assertReserved(prefix.asText() + "abc");
      assertReserved(prefix.asText().toUpperCase(Locale.ROOT) + "ABC");
    }
  }

  private static void assertReserved(String name) {
    assertThatThrownBy(() -> WebhookChannel.unsigned().header(name, "value"))
        .as(name)
        .hasMessageContaining("is reserved");
  }

  @Test
  void theStandardScheduleIsTheOneOfTheSpecification() {
    assertThat(WebhookChannel.STANDARD_RETRIES.delays())
        .extracting(Duration::toSeconds)
        .containsExactlyElementsOf(
            IntStream.range(1, vectors.path("spec_retry_schedule_seconds_between_attempts").size())
                .mapToObj(
                    i ->
                        vectors
                            .path("spec_retry_schedule_seconds_between_attempts")
                            .get(i)
                            .asLong())
                .toList());
  }

  private static WebhookVerifier verifier(JsonNode vector, String key, long secondsLater) {
    Instant now = Instant.ofEpochSecond(vector.path("timestamp").asLong() + secondsLater);
    return WebhookVerifier.of(key).withClock(InstantSource.fixed(now));
  }

  private static Map<String, String> headers(JsonNode vector, String signature) {
    Map<String, String> headers = new HashMap<>();
    headers.put("webhook-id", text(vector, "id"));
    headers.put("webhook-timestamp", vector.path("timestamp").asText());
    headers.put("webhook-signature", signature);
    return headers;
  }

  private static Map<String, String> upperCase(Map<String, String> headers) {
    Map<String, String> upper = new HashMap<>();
    headers.forEach((name, value) -> upper.put(name.toUpperCase(Locale.ROOT), value));
    return upper;
  }

  private static byte[] content(JsonNode vector) {
    return Crypto.signedContent(
        text(vector, "id"),
        vector.path("timestamp").asText(),
        text(vector, "payload").getBytes(StandardCharsets.UTF_8));
  }

  private static String text(JsonNode vector, String field) {
    return vector.path(field).asText();
  }
}
