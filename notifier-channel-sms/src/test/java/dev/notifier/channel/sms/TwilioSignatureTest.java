package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.spi.InvalidCallbackException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TwilioSignatureTest {
  @TestFactory
  Stream<DynamicTest> everySharedVectorAgrees() {
    List<DynamicTest> tests = new ArrayList<>();
    SharedFile.json("twilio/request-signature-vectors.json")
        .path("cases")
        .forEach(
            vector ->
                tests.add(
                    DynamicTest.dynamicTest(vector.path("name").asText(), () -> agrees(vector))));
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static void agrees(JsonNode vector) {
    CallbackRequest request =
        CallbackRequest.of("POST", vector.path("url").asText())
            .header("X-Twilio-Signature", vector.path("signature").asText())
            .body(bodyOf(vector));
    CallbackRequest typed =
        vector.has("body") ? request.header("Content-Type", "application/json") : request;

    assertThat(isAccepted(vector.path("auth_token").asText(), typed))
        .isEqualTo(vector.path("valid").asBoolean());
    assertThat(isAccepted("another token", typed)).isFalse();
  }

  private static byte[] bodyOf(JsonNode vector) {
    if (vector.has("body")) {
      return vector.path("body").asText().getBytes(StandardCharsets.UTF_8);
    }
    List<String> pairs = new ArrayList<>();
    vector
        .path("params")
        .properties()
        .forEach(
            entry -> {
              String value = entry.getValue().isNull() ? "" : entry.getValue().asText();
              pairs.add(encoded(entry.getKey()) + "=" + encoded(value));
            });
    return String.join("&", pairs).getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static boolean isAccepted(String token, CallbackRequest request) {
    try {
      new TwilioCallbacks(token, Optional.empty()).receive(request);
      return true;
    } catch (InvalidCallbackException e) {
      assertThat(e.httpStatus()).isEqualTo(403);
      return false;
    }
  }

  @Test
  void aValueThatComesTwiceCountsOnceAndInOrder() {
    TwilioSignature signature = new TwilioSignature("12345");
    String url = "https://example.com/sms";
    String signed = Signatures.twilio("12345", url + "MediaUrlaMediaUrlb");

    Map<String, List<String>> form = new TreeMap<>(Map.of("MediaUrl", List.of("b", "a", "b")));

    assertThat(signature.matches(signed, url, form)).isTrue();
  }

  @Test
  void aPortIsTakenOutOfEveryKindOfHost() {
    TwilioSignature signature = new TwilioSignature("12345");
    for (String host : List.of("user:pa55@example.com", "[2001:db8::1]", "example.com")) {
      String signed = Signatures.twilio("12345", "https://" + host + "/sms");

      assertThat(signature.matches(signed, "https://" + host + ":8443/sms", new TreeMap<>()))
          .as(host)
          .isTrue();
    }
  }

  @Test
  void whatIsNoUrlMatchesNothing() {
    assertThat(new TwilioSignature("12345").matches("x", "mailto:ada", new TreeMap<>())).isFalse();
  }
}
