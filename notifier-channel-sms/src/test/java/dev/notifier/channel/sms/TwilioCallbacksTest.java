package dev.notifier.channel.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioCallbacksTest {
  private static final String URL = "https://shop.example/sms/status";

  private final TwilioCallbacks callbacks = new TwilioCallbacks(FakeTwilio.TOKEN, Optional.empty());

  static Map<String, String> status(String status) {
    Map<String, String> form = new TreeMap<>();
    form.put("SmsSid", FakeTwilio.SID);
    form.put("SmsStatus", status);
    form.put("MessageStatus", status);
    form.put("To", "+14155550100");
    form.put("MessageSid", FakeTwilio.SID);
    form.put("AccountSid", FakeTwilio.ACCOUNT);
    form.put("From", "+14155550111");
    form.put("ApiVersion", "2010-04-01");
    form.put("SomethingNew", "which must be signed, too");
    return form;
  }

  static CallbackRequest signed(String url, Map<String, String> form) {
    StringBuilder text = new StringBuilder(url);
    form.forEach((name, value) -> text.append(name).append(value));
    return CallbackRequest.of("POST", url)
        .header("X-Twilio-Signature", Signatures.twilio(FakeTwilio.TOKEN, text.toString()))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(CallbackForms.encoded(form).getBytes(StandardCharsets.UTF_8));
  }

  private DeliveryUpdate only(CallbackRequest request) {
    List<DeliveryUpdate> updates = callbacks.receive(request);
    assertThat(updates).hasSize(1);
    return updates.get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "delivered, DELIVERED",
    "read, DELIVERED",
    "undelivered, BOUNCED",
    "failed, BOUNCED",
    "canceled, BOUNCED"
  })
  void aFinalStatusIsAnUpdateOfTheMessage(String status, DeliveryStatus expected) {
    DeliveryUpdate update = only(signed(URL, status(status)));

    assertThat(update.status()).isEqualTo(expected);
    assertThat(update.providerMessageId()).contains(FakeTwilio.SID);
    assertThat(update.reason()).isEqualTo("Twilio says " + status);
    assertThat(update.suppressesRecipient()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "queued",
        "sending",
        "sent",
        "accepted",
        "scheduled",
        "partially_delivered",
        "new"
      })
  void anInterimStatusIsNoNews(String status) {
    assertThat(callbacks.receive(signed(URL, status(status)))).isEmpty();
  }

  @Test
  void aMessageThatCameInIsNoNews() {
    Map<String, String> inbound = status("received");
    inbound.remove("MessageStatus");

    assertThat(callbacks.receive(signed(URL, inbound))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "30005, true",
    "30006, true",
    "21610, true",
    "30003, false",
    "30034, false",
    "99999999, false",
    "none, false"
  })
  void theErrorCodeSaysWhetherTheNumberIsGone(String code, boolean gone) {
    Map<String, String> form = status("undelivered");
    form.put("ErrorCode", code);

    assertThat(only(signed(URL, form)).suppressesRecipient()).isEqualTo(gone);
  }

  @Test
  void aStatusMayComeByGet() {
    String url = URL + "?" + CallbackForms.encoded(status("delivered"));
    CallbackRequest request =
        CallbackRequest.of("GET", url)
            .header("X-Twilio-Signature", Signatures.twilio(FakeTwilio.TOKEN, url));

    assertThat(only(request).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aStatusMayComeAsJsonWhoseHashIsInTheSignedUrl() {
    byte[] body = CallbackForms.json(status("delivered")).getBytes(StandardCharsets.UTF_8);

    assertThat(only(json(body, body)).status()).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aJsonBodyThatIsNotTheSignedOneIsForged() {
    byte[] body = CallbackForms.json(status("failed")).getBytes(StandardCharsets.UTF_8);
    byte[] other = CallbackForms.json(status("delivered")).getBytes(StandardCharsets.UTF_8);

    assertForged(() -> callbacks.receive(json(body, other)), "bodySHA256");
  }

  private static CallbackRequest json(byte[] signedBody, byte[] sentBody) {
    String url = URL + "?bodySHA256=" + Secrets.hex(Secrets.hash("SHA-256", signedBody));
    return CallbackRequest.of("POST", url)
        .header("X-Twilio-Signature", Signatures.twilio(FakeTwilio.TOKEN, url))
        .header("Content-Type", "application/json")
        .body(sentBody);
  }

  @Test
  void aJsonBodyWithoutHashIsForgedEvenIfTheUrlIsSigned() {
    CallbackRequest request =
        CallbackRequest.of("POST", URL)
            .header("X-Twilio-Signature", Signatures.twilio(FakeTwilio.TOKEN, URL))
            .header("Content-Type", "application/json")
            .body(CallbackForms.json(status("delivered")).getBytes(StandardCharsets.UTF_8));

    assertForged(() -> callbacks.receive(request), "wrong");
  }

  @Test
  void aStatusThatWasChangedIsForged() {
    CallbackRequest genuine = signed(URL, status("failed"));
    CallbackRequest changed =
        genuine.body(CallbackForms.encoded(status("delivered")).getBytes(StandardCharsets.UTF_8));

    assertForged(() -> callbacks.receive(changed), "wrong");
  }

  @Test
  void aStatusWithoutSignatureIsForged() {
    assertForged(() -> callbacks.receive(CallbackRequest.of("POST", URL)), "X-Twilio-Signature");
  }

  @Test
  void behindAProxyThePublicUrlCountsWithTheQueryOfTheRequest() {
    TwilioCallbacks behindProxy =
        new TwilioCallbacks(FakeTwilio.TOKEN, Optional.of("https://shop.example/sms/status?t=1"));
    CallbackRequest sent = signed("https://shop.example/sms/status?t=7", status("delivered"));

    assertThat(behindProxy.receive(movedTo("http://10.0.0.7:8080/status?t=7", sent))).hasSize(1);
    assertForged(() -> behindProxy.receive(movedTo("http://10.0.0.7/status?t=8", sent)), "proxy");
  }

  @Test
  void behindAProxyThatDropsTheQueryThePublicUrlCountsAsItIs() {
    TwilioCallbacks behindProxy =
        new TwilioCallbacks(FakeTwilio.TOKEN, Optional.of("https://shop.example/sms/status?t=7"));
    CallbackRequest sent = signed("https://shop.example/sms/status?t=7", status("delivered"));

    assertThat(behindProxy.receive(movedTo("http://10.0.0.7:8080/status", sent))).hasSize(1);
  }

  private static CallbackRequest movedTo(String url, CallbackRequest request) {
    return CallbackRequest.of("POST", url)
        .header("X-Twilio-Signature", request.header("X-Twilio-Signature").orElseThrow())
        .body(request.body());
  }

  @Test
  void aFinalStatusOfNoMessageIsMalformed() {
    Map<String, String> form = status("delivered");
    form.remove("MessageSid");
    assertThat(only(signed(URL, form)).providerMessageId()).contains(FakeTwilio.SID);
    form.remove("SmsSid");

    assertThatThrownBy(() -> callbacks.receive(signed(URL, form)))
        .isInstanceOfSatisfying(
            InvalidCallbackException.class, e -> assertThat(e.httpStatus()).isEqualTo(400));
  }

  private static void assertForged(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            InvalidCallbackException.class, e -> assertThat(e.httpStatus()).isEqualTo(403))
        .hasMessageContaining(message);
  }
}
