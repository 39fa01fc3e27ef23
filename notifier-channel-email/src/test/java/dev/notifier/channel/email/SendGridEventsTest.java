package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendGridEventsTest {
  private static final FakeEvents signer = new FakeEvents();

  private final SettableClock clock = new SettableClock();
  private final SendGridEvents events =
      new SendGridEvents(new SendGridSignature(signer.publicKey()), clock);

  private List<DeliveryUpdate> receive(String body) {
    return events.receive(signer.signed(body, clock.instant()));
  }

  private DeliveryUpdate one(String event) {
    List<DeliveryUpdate> updates = receive("[" + event + "]");
    assertThat(updates).hasSize(1);
    return updates.get(0);
  }

  private InvalidCallbackException refusal(CallbackRequest request) {
    return catchThrowableOfType(InvalidCallbackException.class, () -> events.receive(request));
  }

  // --- Signatures -------------------------------------------------------------------------------

  private static CallbackRequest published(JsonNode data, String signature, String payload) {
    return CallbackRequest.of("POST", "https://shop.example/")
        .header(SendGridSignature.SIGNATURE, signature)
        .header(SendGridSignature.TIMESTAMP, data.path("timestamp").asText())
        .body(payload.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theSignatureOfSendGridsOwnSuiteIsGenuineAndItsForgeriesAreNot() {
    JsonNode data = SharedFile.json("sendgrid/event-webhook-signature.json");
    SendGridSignature key = new SendGridSignature(data.path("public_key_base64_spki").asText());
    SendGridSignature badKey =
        new SendGridSignature(data.path("must_fail").path("bad_key").asText());
    String signature = data.path("signature").asText();
    String payload = data.path("payload").asText();
    Instant now = Instant.ofEpochSecond(data.path("timestamp").asLong());
    CallbackRequest genuine = published(data, signature, payload);

    key.verify(genuine, now);

    for (CallbackRequest forged :
        List.of(
            published(data, data.path("must_fail").path("bad_signature").asText(), payload),
            published(data, signature, "payload"),
            published(data, signature, payload.strip()),
            published(data, "AAAA", payload),
            published(data, "*", payload),
            genuine.body(new byte[0]))) {
      assertThatThrownBy(() -> key.verify(forged, now))
          .isInstanceOf(InvalidCallbackException.class)
          .hasMessageContaining("is wrong: check the verification key");
    }
    assertThatThrownBy(() -> badKey.verify(genuine, now)).hasMessageContaining("is wrong");
  }

  @ParameterizedTest
  @CsvSource({"0, true", "599, true", "-599, true", "601, false", "-601, false"})
  void theTimeMayBeTenMinutesOff(int seconds, boolean taken) {
    CallbackRequest request = signer.signed("[]", clock.instant().minusSeconds(seconds));

    if (taken) {
      assertThat(events.receive(request)).isEmpty();
    } else {
      assertThat(refusal(request))
          .hasMessage("the events were signed 601 seconds off this clock; at most 600 are allowed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "99999999999999999999", "1735732800.5"})
  void aTimeThatIsNoneIsForgedEvenIfItIsSigned(String timestamp) {
    assertThat(refusal(signer.signed("[]", timestamp)).httpStatus()).isEqualTo(403);
  }

  @Test
  void whatIsNotSignedIsNotFromSendGrid() {
    CallbackRequest request = CallbackRequest.of("POST", "https://shop.example/");

    assertThat(refusal(request).httpStatus()).isEqualTo(400);
    assertThat(refusal(request.header(SendGridSignature.SIGNATURE, "AAAA")))
        .hasMessageContaining("no " + SendGridSignature.TIMESTAMP + " header");
  }

  @Test
  void withoutAKeyEveryEventIsRefused() {
    SendGridEvents none = new SendGridEvents(null, clock);

    assertThatThrownBy(() -> none.receive(signer.signed("[]", clock.instant())))
        .hasMessageContaining("call eventKey(...)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key", "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"})
  void aKeyMustBeOne(String key) {
    assertThatThrownBy(() -> new SendGridSignature(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eventKey must be the verification key");
  }

  // --- Meaning ----------------------------------------------------------------------------------

  /** What becomes of the events of django-anymail's suite. */
  private static final Map<String, String> MEANING =
      Map.ofEntries(
          Map.entry("processed", "nothing"),
          Map.entry("delivered", "DELIVERED"),
          Map.entry("dropped Invalid", "BOUNCED and suppressed"),
          Map.entry("dropped Bounced Address", "BOUNCED and suppressed"),
          Map.entry("dropped Unsubscribed Address", "BOUNCED and suppressed"),
          Map.entry(
              "bounce 550 5.1.1 The email account that you tried to reach does not exist.",
              "BOUNCED and suppressed"),
          Map.entry("deferred", "nothing"),
          Map.entry("open", "nothing"),
          Map.entry("click", "nothing"));

  @Test
  void recordedEventsOfSendGridAreUnderstood() {
    JsonNode cases = SharedFile.json("sendgrid/event-webhook-fixtures.json").path("cases");
    assertThat(cases).hasSize(10);
    for (JsonNode recorded : cases) {
      JsonNode event = recorded.path("raw_events").path(0);
      String kind = (event.path("event").asText() + " " + event.path("reason").asText("")).strip();

      List<DeliveryUpdate> updates = receive(recorded.path("raw_events").toString());

      String meaning = updates.isEmpty() ? "nothing" : words(updates.get(0));
      assertThat(meaning).as(recorded.path("test").asText()).isEqualTo(MEANING.get(kind));
      for (DeliveryUpdate update : updates) {
        assertThat(event.path("sg_message_id").asText())
            .startsWith(update.providerMessageId().orElseThrow() + ".");
      }
    }
  }

  private static String words(DeliveryUpdate update) {
    return update.status() + (update.suppressesRecipient() ? " and suppressed" : "");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "bounce,  bounce,  5.1.1, '550 5.1.1 unknown',            true",
        "bounce,  bounce,  5.0.0, '550 5.1.1 unknown',            true",
        "bounce,  bounce,  -,     '550 5.4.4 no such host',       true",
        "bounce,  bounce,  5.0.0, '550 go away',                  false",
        "bounce,  bounce,  5.7.1, '550 5.7.1 blocked using a list', false",
        "bounce,  bounce,  5.2.2, '552 5.2.2 mailbox full',       false",
        "bounce,  blocked, 5.1.1, '550 5.1.1 blocked',            false",
        "dropped, -,       -,     'Spam Reporting Address',       true",
        "dropped, -,       -,     'Spam Content',                 false",
        "dropped, -,       -,     'Recipient List over Package Quota', false",
        "dropped, -,       -,     'Invalid SMTPAPI header',       false",
      })
  void onlyDeadAddressesAndOptOutsAreSuppressed(
      String event, String type, String status, String reason, boolean suppressed) {
    DeliveryUpdate update =
        one(
            Json.object()
                .put("event", event)
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("sg_message_id", "abc.filter")
                .toString());

    assertThat(update.status()).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(update.suppressesRecipient()).isEqualTo(suppressed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"spamreport", "unsubscribe"})
  void anOptOutSuppressesWhatWasDelivered(String event) {
    DeliveryUpdate update = one("{\"event\":\"" + event + "\",\"sg_message_id\":\"a.b\"}");

    assertThat(update.status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(update.suppressesRecipient()).isTrue();
  }

  // --- Whom it is about -------------------------------------------------------------------------

  @Test
  void ourOwnIdNamesTheDelivery() {
    DeliveryUpdate update =
        one(
            Json.object()
                .put("event", "delivered")
                .put("sg_message_id", "abc.filter")
                .put(EventTags.DELIVERY, Attempts.DELIVERY.toString())
                .toString());

    assertThat(update.delivery()).hasValue(Attempts.DELIVERY);
    assertThat(update.providerMessageId()).isEmpty();
  }

  @Test
  void elseTheMessageIdNamesIt() {
    DeliveryUpdate update =
        one(
            Json.object()
                .put("event", "delivered")
                .put("smtp-id", "<" + Attempts.DELIVERY + "@shop.example>")
                .toString());

    assertThat(update.delivery()).hasValue(Attempts.DELIVERY);
  }

  @Test
  void whatBecameOfACopyIsNoNewsOfTheDelivery() {
    EmailMessage message =
        EmailMessage.of(
            Attempts.of(
                Notification.to("email:Ada@example.com")
                    .subject("Hello")
                    .text("Hello")
                    .options(EmailOptions.create().cc("bob@example.com"))),
            Accounts.SETTINGS);
    ObjectNode event =
        Json.object().put("event", "bounce").put("type", "bounce").put("status", "5.1.1");
    EventTags.of(message).forEach(event::put);

    assertThat(receive("[" + event.put("email", "bob@example.com") + "]")).isEmpty();
    assertThat(one(event.put("email", "ada@EXAMPLE.com").toString()).suppressesRecipient())
        .isTrue();
  }

  @Test
  void oneBadEventDoesNotSpoilTheOthers() {
    assertThat(
            receive(
                "[null, 7, [], \"x\", {}, {\"event\":\"delivered\"},"
                    + " {\"event\":{\"a\":1}}, {\"event\":\"delivered\",\"sg_message_id\":\"a.b\"}]\r\n"))
        .extracting(update -> update.providerMessageId().orElseThrow())
        .containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "null", "not JSON", "[{\"event\":\"delivered\"}"})
  void whatIsNoArrayIsMalformed(String body) {
    assertThat(refusal(signer.signed(body, clock.instant())).httpStatus()).isEqualTo(400);
  }

  @Test
  void theReasonHoldsNoAddressAndIsShort() {
    String words = "550 5.1.1 <ada@example.com>:\r\n unknown " + "x".repeat(5000);
    DeliveryUpdate update =
        one(
            Json.object()
                .put("event", "bounce")
                .put("reason", words)
                .put("sg_message_id", "a.b")
                .toString());

    assertThat(update.reason())
        .startsWith("SendGrid says bounce: 550 5.1.1 <***>: unknown xxx")
        .hasSizeLessThan(250);
  }

  @Test
  void hostileTextDoesNotTakeLong() {
    String hostile = "5.".repeat(100_000) + "a@".repeat(100_000);

    assertTimeout(
        Duration.ofSeconds(5),
        () ->
            one(
                Json.object()
                    .put("event", "bounce")
                    .put("reason", hostile)
                    .put("sg_message_id", "a.b")
                    .toString()));
  }
}
