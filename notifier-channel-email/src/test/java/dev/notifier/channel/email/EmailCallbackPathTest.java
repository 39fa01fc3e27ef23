package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.Address;
import dev.notifier.CallbackReply;
import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.OnAmbiguity;
import dev.notifier.Receipt;
import dev.notifier.testkit.ManualNotifier;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the send by way of a provider's events to the state of the delivery. */
class EmailCallbackPathTest {
  private static final WireMockServer sendGridServer = new WireMockServer(options().dynamicPort());
  private static final WireMockServer sesServer = new WireMockServer(options().dynamicPort());
  private static final WireMockServer snsServer = new WireMockServer(options().dynamicPort());
  private static final FakeEvents webhook = new FakeEvents();
  private static final Address ADA = Address.parse("email:ada@example.com");

  @TempDir static Path folder;

  private final FakeSendGrid sendGrid = new FakeSendGrid(sendGridServer);
  private final FakeSes ses = new FakeSes(sesServer);
  private final SettableClock clock = new SettableClock();
  private final List<DeliveryStatus> updates = new ArrayList<>();
  private FakeSns sns;
  private ManualNotifier notifier;

  @BeforeAll
  static void start() {
    sendGridServer.start();
    sesServer.start();
    snsServer.start();
  }

  @AfterAll
  static void stop() {
    sendGridServer.stop();
    sesServer.stop();
    snsServer.stop();
  }

  @BeforeEach
  void open() {
    for (WireMockServer server : List.of(sendGridServer, sesServer, snsServer)) {
      server.resetAll();
    }
    sendGrid.accept();
    ses.accept();
    sns = FakeSns.behind(snsServer, folder);
    sns.serve();
    notifier =
        ManualNotifier.create(
            clock,
            builder ->
                builder
                    .channel(new EmailLineFactory(List.of(first(), second()), false, clock))
                    .listener(
                        new NotificationListener() {
                          @Override
                          public void updated(NotificationId id, DeliveryReport delivery) {
                            updates.add(delivery.status());
                          }
                        }));
  }

  private SendGridAccount first() {
    return sendGrid.account().eventKey(webhook.publicKey()).clock(clock);
  }

  private SesAccount second() {
    SesAccount account = ses.account().eventTopic(FakeSns.TOPIC).clock(clock);
    account.http().client(client -> client.addInterceptor(sns.interceptor()));
    return account;
  }

  @AfterEach
  void close() {
    notifier.close();
  }

  private Receipt send() {
    return notifier.send(
        Notification.to("email:ada@example.com").subject("Hello").text("Hello").build());
  }

  private Receipt sent() {
    Receipt receipt = send();
    notifier.runDue();
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
    return receipt;
  }

  private Receipt sentBySes() {
    sendGrid.refuseForNow();
    return sent();
  }

  private DeliveryStatus statusOf(Receipt receipt) {
    return notifier.find(receipt.id()).orElseThrow().deliveries().get(0).status();
  }

  private CallbackReply accept(CallbackRequest request) {
    return notifier.callbacks().accept("email", request);
  }

  private ObjectNode event(Receipt receipt, String event) {
    return Json.object()
        .put("event", event)
        .put("email", "ada@example.com")
        .put("sg_message_id", FakeSendGrid.MESSAGE_ID + ".filter0001")
        .put(EventTags.DELIVERY, receipt.id() + "-0");
  }

  private CallbackReply fromSendGrid(ObjectNode... events) {
    return accept(webhook.signed(List.of(events) + "\r\n", clock.instant()));
  }

  private CallbackReply fromSes(ObjectNode event) {
    event.putObject("mail").put("messageId", FakeSes.MESSAGE_ID);
    return accept(sns.signed(FakeSns.notification(event.toString(), clock.instant())));
  }

  private static ObjectNode sesDelivery() {
    ObjectNode event = Json.object().put("notificationType", "Delivery");
    event.putObject("delivery").putArray("recipients").add("ada@example.com");
    return event;
  }

  private static ObjectNode sesBounce(String status) {
    ObjectNode event = Json.object().put("eventType", "Bounce");
    event
        .putObject("bounce")
        .put("bounceType", "Permanent")
        .put("bounceSubType", "General")
        .putArray("bouncedRecipients")
        .addObject()
        .put("emailAddress", "ada@example.com")
        .put("status", status);
    return event;
  }

  // --- SendGrid ---------------------------------------------------------------------------------

  @Test
  void whatSendGridDeliveredIsDelivered() {
    Receipt receipt = sent();

    CallbackReply reply =
        fromSendGrid(
            event(receipt, "processed"), event(receipt, "delivered"), event(receipt, "open"));

    assertThat(reply).isEqualTo(new CallbackReply(200, "1 of 1 updates moved a delivery"));
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates).containsExactly(DeliveryStatus.DELIVERED);
  }

  @Test
  void repeatsAndStragglersMoveNothing() {
    Receipt receipt = sent();
    ObjectNode bounce = event(receipt, "bounce").put("type", "blocked");

    fromSendGrid(event(receipt, "delivered"), event(receipt, "delivered"));
    fromSendGrid(event(receipt, "delivered"));
    fromSendGrid(bounce, event(receipt, "processed"));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates).hasSize(1);
    assertThat(notifier.suppressions().find(ADA)).isEmpty();
  }

  @Test
  void sendGridsOwnIdIsEnough() {
    Receipt receipt = sent();
    ObjectNode event = event(receipt, "delivered");
    event.remove(EventTags.DELIVERY);

    fromSendGrid(event);

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void anEventThatIsFasterThanTheAnswerIsNotLost() {
    Receipt receipt = send();
    fromSendGrid(event(receipt, "delivered"));
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.QUEUED);

    notifier.runDue();

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void anAddressThatIsDeadIsSuppressed() {
    Receipt receipt = sent();

    fromSendGrid(event(receipt, "bounce").put("type", "bounce").put("status", "5.1.1"));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(notifier.suppressions().find(ADA)).isPresent();
    Receipt next = send();
    notifier.runDue();
    assertThat(statusOf(next)).isEqualTo(DeliveryStatus.SUPPRESSED);
  }

  @Test
  void aComplaintSuppressesEvenWhatWasDeliveredLongAgo() {
    Receipt receipt = sent();
    fromSendGrid(event(receipt, "delivered"));
    clock.advance(Duration.ofHours(3));

    fromSendGrid(event(receipt, "spamreport"));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(notifier.suppressions().find(ADA))
        .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("SendGrid says spamreport"));
  }

  @Test
  void forgedAndOldEventsAreAnsweredWith403() {
    Receipt receipt = sent();
    CallbackRequest genuine =
        webhook.signed("[" + event(receipt, "delivered") + "]", clock.instant());
    CallbackRequest forged =
        genuine.body(("[" + event(receipt, "bounce") + "]").getBytes(StandardCharsets.UTF_8));

    assertThat(accept(forged).httpStatus()).isEqualTo(403);
    clock.advance(Duration.ofMinutes(11));
    assertThat(accept(genuine).httpStatus()).isEqualTo(403);
    assertThat(accept(CallbackRequest.of("POST", "https://shop.example/")).httpStatus())
        .isEqualTo(400);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  // --- SES --------------------------------------------------------------------------------------

  @Test
  void whatSesDeliveredIsDelivered() {
    Receipt receipt = sentBySes();

    assertThat(fromSes(sesDelivery()).httpStatus()).isEqualTo(200);
    assertThat(fromSes(sesDelivery()).httpStatus()).isEqualTo(200);

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(updates).containsExactly(DeliveryStatus.DELIVERED);
  }

  @Test
  void whatSesBouncedIsBouncedAndADeadAddressSuppressed() {
    Receipt receipt = sentBySes();

    fromSes(sesBounce("5.1.1"));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(notifier.suppressions().find(ADA)).isPresent();
  }

  @Test
  void theSubscriptionOfTheTopicIsConfirmedOnTheWay() {
    CallbackReply reply = accept(sns.signed(FakeSns.subscription(clock.instant())));

    assertThat(reply.httpStatus()).isEqualTo(200);
    assertThat(snsServer.getAllServeEvents()).hasSize(2);
  }

  @Test
  void whatCannotBeVerifiedNowIsAskedForAgain() {
    Receipt receipt = sentBySes();
    snsServer.resetMappings();
    sns.serveCertificate(aResponse().withStatus(500));
    assertThat(fromSes(sesDelivery()).httpStatus()).isEqualTo(503);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);

    sns.serve();
    assertThat(fromSes(sesDelivery()).httpStatus()).isEqualTo(200);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.DELIVERED);
  }

  @Test
  void aBounceByMailOfWhatSesSentFindsTheDeliveryByOurHeader() throws Exception {
    Receipt receipt = sentBySes();
    byte[] raw =
        Base64.getDecoder()
            .decode(Json.read(ses.requests().get(0).getBody()).at("/Content/Raw/Data").asText());
    String sentMail = new String(raw, StandardCharsets.UTF_8);
    String bySes = sentMail.replaceFirst("(?m)^Message-ID: .*$", "Message-ID: <1@amazonses.com>");
    String bounce =
        """
        From: MAILER-DAEMON@amazonses.com
        Subject: Delivery Status Notification (Failure)
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b
        Content-Type: text/plain

        An error occurred.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; amazonses.com

        Final-Recipient: rfc822; ada@example.com
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 unknown

        --b
        Content-Type: message/rfc822

        """
            + bySes
            + "\n--b--\n";

    CallbackReply reply = accept(EmailChannel.bounceMail(bounce.getBytes(StandardCharsets.UTF_8)));

    assertThat(reply.httpStatus()).isEqualTo(200);
    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(notifier.suppressions().find(ADA)).isPresent();
  }

  // --- Both -------------------------------------------------------------------------------------

  @Test
  void afterALostAnswerTheRetryLeavesByTheOtherProvider() {
    sendGrid.hangUp();
    Receipt receipt = send();
    notifier.runDue();
    assertThat(ses.requests()).isEmpty();

    notifier.tick(Duration.ofMinutes(1));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(sendGrid.requests()).hasSize(1);
    assertThat(ses.requests()).hasSize(1);
    assertThat(FakeSes.token(Json.read(ses.requests().get(0).getBody())))
        .isEqualTo(receipt.id() + "-0");
  }

  @Test
  void atMostOnceMeansThatNobodyElseIsAskedEither() {
    sendGrid.hangUp();
    Receipt receipt =
        notifier.send(
            Notification.to("email:ada@example.com")
                .subject("Hello")
                .text("Hello")
                .onAmbiguity(OnAmbiguity.GIVE_UP)
                .build());
    notifier.runDue();
    notifier.tick(Duration.ofHours(1));

    assertThat(statusOf(receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(ses.requests()).isEmpty();
  }
}
