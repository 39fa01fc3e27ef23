package dev.notifier.channel.sms;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.Address;
import dev.notifier.CallbackReply;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Receipt;
import dev.notifier.testkit.ManualNotifier;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the send by way of the provider's callback to the state of the delivery. */
class CallbackPathTest {
  private static final WireMockServer twilioServer = new WireMockServer(options().dynamicPort());
  private static final WireMockServer vonageServer = new WireMockServer(options().dynamicPort());
  private static final String URL = "https://shop.example/sms/status";

  private final FakeTwilio twilio = new FakeTwilio(twilioServer);
  private final FakeVonage vonage = new FakeVonage(vonageServer);
  private final SettableClock clock = new SettableClock();
  private final List<DeliveryStatus> updates = new ArrayList<>();

  private final ManualNotifier notifier =
      ManualNotifier.create(
          clock,
          builder ->
              builder
                  .channel(SmsChannel.failover(twilio.account(), vonage.account()).clock(clock))
                  .listener(
                      new NotificationListener() {
                        @Override
                        public void updated(NotificationId id, DeliveryReport delivery) {
                          updates.add(delivery.status());
                        }
                      }));

  @BeforeAll
  static void start() {
    twilioServer.start();
    vonageServer.start();
  }

  @AfterAll
  static void stop() {
    twilioServer.stop();
    vonageServer.stop();
  }

  @BeforeEach
  void acceptEverything() {
    twilioServer.resetAll();
    vonageServer.resetAll();
    twilio.accept();
    vonage.accept();
  }

  @AfterEach
  void close() {
    notifier.close();
  }

  private Receipt send() {
    return notifier.send(Notification.to("sms:" + Attempts.NUMBER).text("Hi").build());
  }

  private DeliveryStatus statusOf(Receipt receipt) {
    return notifier.find(receipt.id()).orElseThrow().deliveries().get(0).status();
  }

  private CallbackReply accept(CallbackRequest request) {
    return notifier.callbacks().accept("sms", request);
  }

  private static CallbackRequest fromTwilio(String status, String errorCode) {
    Map<String, String> form = TwilioCallbacksTest.status(status);
    if (!errorCode.isEmpty()) {
      form.put("ErrorCode", errorCode);
    }
    return TwilioCallbacksTest.signed(URL, form);
  }

  private CallbackRequest fromVonage(Receipt receipt, String status) {
    Map<String, String> form = new TreeMap<>();
    form.put("client-ref", receipt.id() + "-0");
    form.put("messageId", FakeVonage.MESSAGE_ID);
    form.put("status", status);
    form.put("err-code", status.equals("delivered") ? "0" : "3");
    form.put("timestamp", Long.toString(clock.instant().getEpochSecond()));
    StringBuilder text = new StringBuilder();
    form.forEach((name, value) -> text.append('&').append(name).append('=').append(value));
    form.put("sig", Signatures.vonage(FakeVonage.SIGNATURE_SECRET, text.toString()));
    return CallbackRequest.of("POST", URL)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(CallbackForms.encoded(form).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aDeliveryThatIsConfirmedIsDelivered() {
    Receipt receipt = send();
    notifier.runDue();
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);

    CallbackReply reply = accept(fromTwilio("delivered", ""));

    assertThat(reply.httpStatus()).isEqualTo(200);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates).containsExactly(DeliveryStatus.DELIVERED);
  }

  @Test
  void repeatedCallbacksMoveADeliveryOnce() {
    Receipt receipt = send();
    notifier.runDue();

    accept(fromTwilio("delivered", ""));
    assertThat(accept(fromTwilio("delivered", "")).httpStatus()).isEqualTo(200);

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates).hasSize(1);
  }

  @Test
  void callbacksOutOfOrderEndInTheFinalState() {
    Receipt receipt = send();
    notifier.runDue();

    for (String status : List.of("delivered", "sent", "queued", "undelivered")) {
      assertThat(accept(fromTwilio(status, "")).httpStatus()).isEqualTo(200);
    }

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates).hasSize(1);
  }

  @Test
  void aCallbackOfTwilioThatIsFasterThanItsAnswerIsNotLost() {
    Receipt receipt = send();
    assertThat(accept(fromTwilio("delivered", "")).httpStatus()).isEqualTo(200);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.QUEUED);

    notifier.runDue();

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aReceiptOfVonageThatIsFasterThanItsAnswerIsNotLost() {
    twilio.refuseCredentials();
    Receipt receipt = send();
    assertThat(accept(fromVonage(receipt, "delivered")).httpStatus()).isEqualTo(200);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.QUEUED);

    notifier.runDue();

    assertThat(vonage.requests()).hasSize(1);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aNumberThatIsGoneIsSuppressedByTheCallback() {
    Receipt receipt = send();
    notifier.runDue();

    accept(fromTwilio("undelivered", "30005"));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(notifier.suppressions().find(Address.parse("sms:" + Attempts.NUMBER)))
        .hasValueSatisfying(
            why -> assertThat(why.reason()).isEqualTo("Twilio says undelivered, error 30005"));

    Receipt next = send();
    notifier.runDue();
    assertThat(statusOf(next)).isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void aReceiptOfVonageBouncesByOurOwnReference() {
    twilio.refuseForNow();
    Receipt receipt = send();
    notifier.runDue();

    assertThat(accept(fromVonage(receipt, "failed")).httpStatus()).isEqualTo(200);
    assertThat(accept(fromVonage(receipt, "failed")).httpStatus()).isEqualTo(200);

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(updates).containsExactly(DeliveryStatus.BOUNCED);
  }

  @Test
  void aForgedOrOldCallbackIsAnsweredWith403AndMovesNothing() {
    Receipt receipt = send();
    notifier.runDue();
    CallbackRequest forged =
        fromTwilio("failed", "")
            .body(
                CallbackForms.encoded(TwilioCallbacksTest.status("delivered"))
                    .getBytes(StandardCharsets.UTF_8));
    CallbackRequest old = fromVonage(receipt, "delivered");
    clock.advance(Duration.ofMinutes(6));

    assertThat(accept(forged).httpStatus()).isEqualTo(403);
    assertThat(accept(old).httpStatus()).isEqualTo(403);
    assertThat(accept(CallbackRequest.of("POST", URL)).httpStatus()).isEqualTo(403);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(updates).isEmpty();
  }

  @Test
  void anOptOutAtSendingSuppresses() {
    twilio.refuse(400, 21610, "Attempt to send to unsubscribed recipient");
    Receipt receipt = send();
    notifier.runDue();

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(notifier.suppressions().find(Address.parse("sms:" + Attempts.NUMBER))).isPresent();
    assertThat(vonage.requests()).isEmpty();
  }

  @Test
  void aRetryAfterALostAnswerLeavesByTheOtherProviderBeforeItExpires() {
    twilio.hangUp();
    Receipt receipt =
        notifier.send(
            Notification.to("sms:" + Attempts.NUMBER)
                .text("Hi")
                .expiresAfter(Duration.ofMinutes(2))
                .build());
    notifier.runDue();
    assertThat(vonage.requests()).isEmpty();

    notifier.tick(Duration.ofSeconds(10));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(vonage.requests()).hasSize(1);
    assertThat(FormSchema.parse(vonage.requests().get(0).getBodyAsString()))
        .containsEntry("ttl", List.of("110000"))
        .containsEntry("client-ref", List.of(receipt.id() + "-0"));
  }
}
