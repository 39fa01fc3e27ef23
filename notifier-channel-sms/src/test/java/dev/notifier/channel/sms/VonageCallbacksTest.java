package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VonageCallbacksTest {
  private static final String SECRET = FakeVonage.SIGNATURE_SECRET;
  private static final String URL = "https://shop.example/dlr";

  private final SettableClock clock = new SettableClock();
  private final VonageCallbacks callbacks =
      new VonageCallbacks(VonageSignature.HMAC_SHA256, Optional.of(SECRET), clock);

  private Map<String, String> receipt(String status) {
    Map<String, String> receipt = new TreeMap<>();
    receipt.put("msisdn", "14155550100");
    receipt.put("to", "Shop");
    receipt.put("network-code", "12345");
    receipt.put("messageId", FakeVonage.MESSAGE_ID);
    receipt.put("price", "0.03330000");
    receipt.put("status", status);
    receipt.put("scts", "2001011400");
    receipt.put("err-code", "0");
    receipt.put("api-key", FakeVonage.KEY);
    receipt.put("message-timestamp", "2025-01-01 12:00:00");
    receipt.put("timestamp", Long.toString(clock.instant().getEpochSecond()));
    receipt.put("nonce", "a=b&c"); // both must become underscores
    return receipt;
  }

  private static Map<String, String> signed(Map<String, String> receipt) {
    receipt.put("sig", Signatures.vonage(SECRET, textOf(receipt)));
    return receipt;
  }

  private static String textOf(Map<String, String> receipt) {
    StringBuilder text = new StringBuilder();
    receipt.forEach(
        (name, value) ->
            text.append('&').append(name).append('=').append(value.replaceAll("[&=]", "_")));
    return text.toString();
  }

  enum Form {
    QUERY {
      @Override
      CallbackRequest of(Map<String, String> receipt) {
        return CallbackRequest.of("GET", URL + "?" + CallbackForms.encoded(receipt));
      }
    },
    FORM {
      @Override
      CallbackRequest of(Map<String, String> receipt) {
        return CallbackRequest.of("POST", URL)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(CallbackForms.encoded(receipt).getBytes(StandardCharsets.UTF_8));
      }
    },
    JSON {
      @Override
      CallbackRequest of(Map<String, String> receipt) {
        return CallbackRequest.of("POST", URL)
            .header("content-type", "application/json; charset=utf-8")
            .body(CallbackForms.json(receipt).getBytes(StandardCharsets.UTF_8));
      }
    };

    abstract CallbackRequest of(Map<String, String> receipt);
  }

  private List<DeliveryUpdate> receive(Map<String, String> receipt) {
    return callbacks.receive(Form.FORM.of(receipt));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aReceiptIsUnderstoodHoweverItComes(Form form) {
    List<DeliveryUpdate> updates = callbacks.receive(form.of(signed(receipt("delivered"))));

    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates.get(0).providerMessageId()).contains(FakeVonage.MESSAGE_ID);
    assertThat(updates.get(0).suppressesRecipient()).isFalse();
  }

  @Test
  void ourOwnReferenceWins() {
    Map<String, String> receipt = receipt("delivered");
    receipt.put("client-ref", Attempts.DELIVERY.toString());

    DeliveryUpdate update = receive(signed(receipt)).get(0);

    assertThat(update.delivery()).contains(Attempts.DELIVERY);
    assertThat(update.providerMessageId()).isEmpty();
  }

  @Test
  void aReferenceOfAnotherApplicationDoesNot() {
    Map<String, String> receipt = receipt("delivered");
    receipt.put("client-ref", "order-42");

    assertThat(receive(signed(receipt)).get(0).providerMessageId()).contains(FakeVonage.MESSAGE_ID);
  }

  @ParameterizedTest
  @CsvSource({
    "failed, 3, true",
    "failed, 4, true",
    "rejected, 9, true",
    "rejected, 53, true",
    "failed, 2, false",
    "expired, 1, false",
    "failed, 99, false",
  })
  void aFailureBouncesAndSaysWhetherTheNumberIsGone(String status, String code, boolean gone) {
    Map<String, String> receipt = receipt(status);
    receipt.put("err-code", code);

    DeliveryUpdate update = receive(signed(receipt)).get(0);

    assertThat(update.status()).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(update.suppressesRecipient()).isEqualTo(gone);
    assertThat(update.reason()).isEqualTo("Vonage says " + status + ", error " + code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"accepted", "buffered", "unknown", "teleported", " "})
  void whatIsNotFinalIsNoNews(String status) {
    Map<String, String> receipt = receipt(status);
    if (status.isBlank()) {
      receipt.remove("status");
      signed(receipt).put("status", status); // a blank value is not signed
    }
    assertThat(receive(status.isBlank() ? receipt : signed(receipt))).isEmpty();
  }

  @Test
  void aReceiptThatWasChangedIsForged() {
    Map<String, String> receipt = signed(receipt("failed"));
    receipt.put("status", "delivered");

    assertForged(receipt, "the signature is wrong");
  }

  @Test
  void aReceiptThatIsNotSignedIsForged() {
    assertForged(receipt("delivered"), "there is no sig");
  }

  @Test
  void aSignatureOfAnotherMethodTellsWhatToCheck() {
    Map<String, String> receipt = receipt("delivered");
    receipt.put("sig", "1A20E4E2069B609FDA6CECA9DE18D5CA");

    assertForged(receipt, "32 digits, but HMAC_SHA256 has 64");
  }

  @Test
  void withoutASecretNothingIsBelieved() {
    VonageCallbacks unsigned =
        new VonageCallbacks(VonageSignature.HMAC_SHA256, Optional.empty(), clock);

    assertThatThrownBy(() -> unsigned.receive(Form.FORM.of(signed(receipt("delivered")))))
        .isInstanceOf(InvalidCallbackException.class)
        .hasMessageContaining("signature(...)");
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 301, 86_400})
  void aReceiptThatIsTooOldOrFromTheFutureIsForged(long age) {
    Map<String, String> receipt = signed(receipt("delivered"));
    clock.set(clock.instant().plusSeconds(age));

    assertForged(receipt, "seconds off");
  }

  @ParameterizedTest
  @ValueSource(longs = {-300, 300})
  void fiveMinutesEitherWayAreAllowed(long age) {
    Map<String, String> receipt = signed(receipt("delivered"));
    clock.set(clock.instant().plusSeconds(age));

    assertThat(receive(receipt)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "99999999999999999999", "2025-01-01 12:00:00"})
  void aReceiptWithoutATimeIsForged(String timestamp) {
    Map<String, String> receipt = receipt("delivered");
    receipt.remove("timestamp");
    if (!timestamp.isEmpty()) {
      receipt.put("timestamp", timestamp);
    }
    assertForged(signed(receipt), "timestamp");
  }

  private void assertForged(Map<String, String> receipt, String message) {
    assertThatThrownBy(() -> receive(receipt))
        .isInstanceOfSatisfying(
            InvalidCallbackException.class, e -> assertThat(e.httpStatus()).isEqualTo(403))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, sig=%zz",
    "application/json, '[1,2]'",
    "application/json, '{'",
    "text/plain, a=1&a=2&sig=0",
  })
  void whatCannotBeUnderstoodIsMalformed(String type, String body) {
    CallbackRequest request =
        CallbackRequest.of("POST", URL)
            .header("Content-Type", type)
            .body(body.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> callbacks.receive(request))
        .isInstanceOfSatisfying(
            InvalidCallbackException.class, e -> assertThat(e.httpStatus()).isEqualTo(400));
  }

  @Test
  void aThousandParametersAreTheMost() {
    assertThatThrownBy(
            () ->
                callbacks.receive(
                    CallbackRequest.of("POST", URL)
                        .body(manyNames().getBytes(StandardCharsets.UTF_8))))
        .hasMessageContaining("more than 1000");
  }

  private static String manyNames() {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i <= 1000; i++) {
      pairs.add("name" + i + "=1");
    }
    return String.join("&", pairs);
  }

  @TestFactory
  Stream<DynamicTest> everySharedVectorAgrees() {
    JsonNode vectors = SharedFile.json("vonage/signature-vectors.json");
    Instant signedAt = Instant.ofEpochSecond(vectors.path("timestamp").asLong());
    List<DynamicTest> tests = new ArrayList<>();
    for (VonageSignature method : VonageSignature.values()) {
      String name =
          method == VonageSignature.MD5_HASH ? "md5hash" : method.name().toLowerCase(Locale.ROOT);
      String sig = vectors.path("sig").path(name).asText();
      for (String written : List.of(sig, sig.toUpperCase(Locale.ROOT))) {
        tests.add(DynamicTest.dynamicTest(name, () -> agrees(vectors, method, written, signedAt)));
      }
    }
    assertThat(tests).hasSize(10);
    return tests.stream();
  }

  private static void agrees(
      JsonNode vectors, VonageSignature method, String sig, Instant signedAt) {
    SettableClock then = new SettableClock(signedAt.plus(Duration.ofMinutes(1)));
    VonageCallbacks reader =
        new VonageCallbacks(method, Optional.of(vectors.path("secret").asText()), then);
    Map<String, String> parameters = new TreeMap<>();
    vectors
        .path("params")
        .properties()
        .forEach(e -> parameters.put(e.getKey(), e.getValue().asText()));
    parameters.put("timestamp", vectors.path("timestamp").asText());
    parameters.put("sig", sig);

    for (Form form : Form.values()) {
      assertThat(reader.receive(form.of(parameters))).as(form.name()).isEmpty();
      parameters.put("a", "Alphabet");
      assertThatThrownBy(() -> reader.receive(form.of(parameters)))
          .isInstanceOf(InvalidCallbackException.class);
      parameters.put("a", "alphabet");
    }
  }

  @Test
  void blankValuesAreNotSigned() {
    JsonNode vectors = SharedFile.json("vonage/signature-vectors.json");
    String expected = vectors.path("null_or_blank_values_are_skipped").path("md5hash").asText();
    // The vector stands for a without b, at the same timestamp.
    CallbackParameters parameters = CallbackParameters.ofQuery("x?b=%20&a=alphabet&timestamp=2100");

    String text = VonageCallbacks.signedText(parameters);

    assertThat(Secrets.hex(VonageSignature.MD5_HASH.sign(text, "abcde"))).isEqualTo(expected);
  }
}
