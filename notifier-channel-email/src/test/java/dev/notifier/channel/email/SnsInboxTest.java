package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.CallbackRequest;
import dev.notifier.http.HttpSender;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnsInboxTest {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  @TempDir static Path folder;

  private final HttpSender sender = HttpSender.builder().build();
  private final SettableClock clock = new SettableClock();
  private FakeSns sns;
  private SnsInbox inbox;

  @BeforeAll
  static void start() {
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void serve() {
    server.resetAll();
    sns = FakeSns.behind(server, folder);
    sns.serve();
    inbox = inbox(FakeSns.TOPIC);
  }

  private SnsInbox inbox(String topic) {
    return new SnsInbox(
        List.of(SnsTopic.parse(topic)), request -> sns.send(sender, request), clock);
  }

  private ObjectNode notification() {
    return FakeSns.notification("{\"eventType\":\"Send\"}\n", clock.instant());
  }

  private InvalidCallbackException refusal(CallbackRequest request) {
    return catchThrowableOfType(InvalidCallbackException.class, () -> inbox.receive(request));
  }

  private void assertForged(CallbackRequest request, String why) {
    InvalidCallbackException refusal = refusal(request);
    assertThat(refusal).hasMessageContaining(why);
    assertThat(refusal.httpStatus()).isEqualTo(403);
  }

  // --- Real messages ----------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "test-notification-no-subject,   This notification has no subject.",
    "test-notification-with-subject, Hello! This message has a subject.",
    "test-notification-signature-v2, This message uses signature version 2.",
    "test-subscription-confirmation, ''",
    "test-unsubscribe-confirmation,  ''",
  })
  void realMessagesOfAmazonAreGenuine(String name, String published) {
    byte[] body = SharedFile.bytes("aws/sns-real/" + name + ".json");
    String topic = Json.read(body).path("TopicArn").asText();
    byte[] certificate =
        SharedFile.bytes(
            "aws/sns-real/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem");
    server.stubFor(
        get(urlMatching("/SimpleNotificationService-7506.*"))
            .willReturn(aResponse().withBody(certificate)));
    clock.set(Instant.parse("2026-03-06T20:15:00Z"));
    CallbackRequest request =
        CallbackRequest.of("POST", "https://shop.example/")
            .header("X-Amz-Sns-Message-Type", Json.read(body).path("Type").asText())
            .body(body);

    assertThat(inbox(topic).receive(request).orElse("")).isEqualTo(published);

    String tampered = new String(body, StandardCharsets.UTF_8).replace("This", "That");
    tampered = tampered.replace("You have chosen", "He has chosen").replace("Hello", "Hallo");
    CallbackRequest forged = request.body(tampered.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> inbox(topic).receive(forged))
        .hasMessage("the signature of the SNS message is wrong");
  }

  // --- Signatures -------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void bothVersionsOfSignaturesAreKnown(String version) {
    ObjectNode message =
        notification().put("SignatureVersion", version).put("Subject", "A subject");

    assertThat(inbox.receive(sns.signed(message))).hasValue("{\"eventType\":\"Send\"}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Message", "MessageId", "Subject"})
  void whatWasSignedCannotBeChanged(String name) {
    ObjectNode message = notification().put("Subject", "A subject");
    sns.signed(message);

    assertForged(FakeSns.posted(message.put(name, "changed")), "signature of the SNS message");
  }

  @Test
  void aSubjectThatWasNotSignedIsFoundOut() {
    ObjectNode message = notification();
    sns.signed(message);

    assertForged(FakeSns.posted(message.put("Subject", "new")), "signature of the SNS message");
  }

  @ParameterizedTest
  @CsvSource({
    "SignatureVersion, 3,           neither 1 nor 2",
    "Signature,        '*',         not base64",
    "Signature,        AAAA,        signature of the SNS message is wrong",
    "Timestamp,        2024-12-31T23:00:00.000Z, seconds old by this clock",
    "Timestamp,        2025-01-01T12:06:00.000Z, seconds old by this clock",
  })
  void whatCannotBeGenuineIsForged(String name, String value, String why) {
    ObjectNode message = notification();
    sns.signed(message);

    assertForged(FakeSns.posted(message.put(name, value)), why);
  }

  @Test
  void aMessageThatAmazonTriedForAnHourIsStillTaken() {
    CallbackRequest request = sns.signed(notification());
    clock.advance(Duration.ofMinutes(64));
    assertThat(inbox.receive(request)).isPresent();

    clock.advance(Duration.ofMinutes(2));
    assertForged(request, "3960 seconds old by this clock; at most 3900 are allowed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Message", "TopicArn", "Timestamp", "Signature", "SigningCertURL"})
  void aMessageWithoutAPartIsMalformed(String name) {
    ObjectNode message = notification();
    sns.signed(message);
    message.remove(name);

    InvalidCallbackException refusal = refusal(FakeSns.posted(message));
    assertThat(refusal).hasMessage("the SNS message has no " + name);
    assertThat(refusal.httpStatus()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "no JSON",
        "{\"Type\":\"Notification\"",
        "{}",
        "{\"Type\":\"Other\"}"
      })
  void whatIsNoMessageIsMalformed(String body) {
    CallbackRequest request =
        CallbackRequest.of("POST", "https://shop.example/")
            .header("x-amz-sns-message-type", "Notification")
            .body(body.getBytes(StandardCharsets.UTF_8));

    assertThat(refusal(request).httpStatus()).isEqualTo(400);
  }

  @Test
  void theHeaderMustNameTheTypeInTheBody() {
    CallbackRequest request = sns.signed(notification());
    CallbackRequest other =
        CallbackRequest.of("POST", "https://shop.example/")
            .header("x-amz-sns-message-type", "SubscriptionConfirmation")
            .body(request.body());

    assertForged(other, "differ");
    CallbackRequest none = CallbackRequest.of("POST", "https://shop.example/").body(request.body());
    assertThat(refusal(none)).hasMessage("no x-amz-sns-message-type header");
  }

  @Test
  void rawMessagesAreRefusedBecauseNobodySignedThem() {
    assertForged(
        sns.signed(notification()).header("x-amz-sns-rawdelivery", "true"),
        "turn raw message delivery off");
  }

  @Test
  void onlyListedTopicsAreHeard() {
    ObjectNode message =
        notification().put("TopicArn", "arn:aws:sns:eu-west-1:666666666666:mail-events");

    assertForged(sns.signed(message), "is not allowed: call eventTopic(...)");
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  // --- Certificates -----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://s3.amazonaws.com/bucket/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0a1b2c.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0a1b2c.pem",
        "https://a@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://evil.example#.sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem",
        "https://evil.example\\@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem?x=y",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem#f",
        "https://sns.eu-west-1.amazonaws.com/other/SimpleNotificationService-0a1b2c.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-..%2fx.pem",
        "https://sns.eu-west-1.amazonaws.com/?Action=Anything",
        "file:///etc/passwd",
        "no url",
      })
  void certificatesComeFromAmazonsHostOfTheRegionOnly(String url) {
    assertForged(sns.signed(notification().put("SigningCertURL", url)), "SigningCertURL");
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  @Test
  void theHostOfChinaIsInItsOwnDomain() {
    SnsTopic topic = SnsTopic.parse("arn:aws-cn:sns:cn-north-1:123456789012:mail");

    assertThat(topic.host()).isEqualTo("sns.cn-north-1.amazonaws.com.cn");
  }

  @Test
  void aCertificateIsFetchedOnce() {
    for (int i = 0; i < 20; i++) {
      inbox.receive(sns.signed(notification()));
    }

    server.verify(1, getRequestedFor(urlPathEqualTo(FakeSns.CERTIFICATE_PATH)));
  }

  @Test
  void unknownCertificatesAreNotAskedForWithoutEnd() {
    for (int i = 0; i < 10; i++) {
      assertThat(refusal(named(i))).hasMessageContaining("answered HTTP 404");
    }
    assertThat(refusal(named(10)).httpStatus()).isEqualTo(503);
    assertThat(server.getAllServeEvents()).hasSize(10);

    clock.advance(Duration.ofMinutes(1));
    assertThat(inbox.receive(sns.signed(notification()))).isPresent();
  }

  private CallbackRequest named(int number) {
    String url =
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-f" + number + ".pem";
    return sns.signed(notification().put("SigningCertURL", url));
  }

  @Test
  void whatCannotBeVerifiedNowShouldBeSentAgain() {
    sns.serveCertificate(aResponse().withStatus(503));
    InvalidCallbackException refusal = refusal(sns.signed(notification()));
    assertThat(refusal.httpStatus()).isEqualTo(503);
    assertThat(refusal).hasMessageContaining("cannot be fetched now");

    sns.serve();
    assertThat(inbox.receive(sns.signed(notification()))).isPresent();
  }

  @Test
  void aCertificateMustBeOneAndBeValid() {
    clock.set(Instant.parse("2026-06-01T00:00:00Z"));
    assertForged(sns.signed(notification()), "not valid now");

    inbox = inbox(FakeSns.TOPIC);
    sns.serveCertificate(aResponse().withBody("<html>Sign in</html>"));
    assertForged(sns.signed(notification()), "cannot be read");
  }

  @Test
  void redirectsOfCertificatesAreNotFollowed() {
    sns.serveCertificate(
        aResponse().withStatus(302).withHeader("Location", server.baseUrl() + "/elsewhere"));

    assertForged(sns.signed(notification()), "answered HTTP 302");
    assertThat(server.getAllServeEvents()).hasSize(1);
  }

  // --- Subscriptions ----------------------------------------------------------------------------

  @Test
  void aSubscriptionToAListedTopicIsConfirmed() {
    assertThat(inbox.receive(sns.signed(FakeSns.subscription(clock.instant())))).isEmpty();

    server.verify(
        1, getRequestedFor(urlMatching("/\\?Action=ConfirmSubscription.*Token=2336412f37")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/?Action=ConfirmSubscription&TopicArn=" + FakeSns.TOPIC,
        "http://169.254.169.254/latest/meta-data/",
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + FakeSns.TOPIC,
        "https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=" + FakeSns.TOPIC,
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:other",
      })
  void aConfirmationGoesNowhereElse(String url) {
    ObjectNode message = FakeSns.subscription(clock.instant()).put("SubscribeURL", url);

    assertForged(sns.signed(message), "SubscribeURL");
    server.verify(0, getRequestedFor(urlPathEqualTo("/")));
    server.verify(0, getRequestedFor(urlPathEqualTo("/latest/meta-data/")));
  }

  @Test
  void aSubscriptionThatIsForgedIsNotConfirmed() {
    ObjectNode message = FakeSns.subscription(clock.instant());
    sns.signed(message);

    assertForged(FakeSns.posted(message.put("Token", "another")), "signature");
    server.verify(0, getRequestedFor(urlPathEqualTo("/")));
  }

  @Test
  void aConfirmationThatFailsShouldBeAskedForAgain() {
    server.stubFor(get(urlPathEqualTo("/")).willReturn(aResponse().withStatus(500)));

    InvalidCallbackException refusal = refusal(sns.signed(FakeSns.subscription(clock.instant())));
    assertThat(refusal.httpStatus()).isEqualTo(503);
    assertThat(refusal).hasMessageContaining("HTTP 500").hasMessageNotContaining("2336412f37");
  }

  @Test
  void theEndOfASubscriptionIsTakenNoteOfAndNotUndone() {
    ObjectNode message =
        FakeSns.subscription(clock.instant()).put("Type", "UnsubscribeConfirmation");

    assertThat(inbox.receive(sns.signed(message))).isEmpty();
    server.verify(0, getRequestedFor(urlPathEqualTo("/")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mail-events",
        "arn:aws:sqs:eu-west-1:123456789012:mail",
        "arn:aws:sns:evil.example/:123456789012:mail",
        "arn:aws:sns:eu-west-1:12345:mail",
        "arn:aws:sns:eu-west-1:123456789012:",
        "arn:aws:sns:eu-west-1:123456789012:mail\n",
      })
  void aTopicMustBeNamedAsAmazonNamesIt(String arn) {
    assertThatThrownBy(() -> SnsTopic.parse(arn))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("an SNS topic must be named like arn:aws:sns:");
  }
}
