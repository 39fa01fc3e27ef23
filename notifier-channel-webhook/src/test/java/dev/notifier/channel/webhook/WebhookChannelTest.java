package dev.notifier.channel.webhook;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.Address;
import dev.notifier.Attachment;
import dev.notifier.ChannelOptions;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Verification;
import dev.notifier.spi.Channel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebhookChannelTest {
  private static final String SECRET = WebhookVerifierTest.SECRET;
  private static final Instant NOW = Instant.parse("2026-03-04T05:06:07.890Z");
  private static WireMockServer receiver;

  private final List<Channel> opened = new ArrayList<>();
  private Instant now = NOW;

  @BeforeAll
  static void startReceiver() {
    receiver = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    receiver.start();
  }

  @AfterAll
  static void stopReceiver() {
    receiver.stop();
  }

  @BeforeEach
  void reset() {
    receiver.resetAll();
    answer(aResponse().withStatus(200));
  }

  @AfterEach
  void closeChannels() {
    opened.forEach(Channel::close);
  }

  private static void answer(ResponseDefinitionBuilder response) {
    receiver.stubFor(any(anyUrl()).willReturn(response));
  }

  private static String url() {
    return "http://127.0.0.1:" + receiver.port() + "/hooks/T0KEN-of-the-endpoint";
  }

  /** Allows what the tests need: plain http on loopback. */
  private WebhookChannel local(WebhookChannel channel) {
    return channel.allowHttp("127.0.0.1").allowHost("127.0.0.1").clock(() -> now);
  }

  private Channel open(WebhookChannel settings) {
    Channel channel = local(settings).create();
    opened.add(channel);
    return channel;
  }

  private DeliveryResult send(WebhookChannel settings) throws Exception {
    return open(settings).send(Attempts.to(url()));
  }

  private static LoggedRequest onlyRequest() {
    List<LoggedRequest> requests = requests();
    assertThat(requests).hasSize(1);
    return requests.get(0);
  }

  private static List<LoggedRequest> requests() {
    return receiver.findAll(anyRequestedFor(anyUrl()));
  }

  // --- What is sent -----------------------------------------------------------------------------

  @Test
  void theTextIsTheWholeBodyIfTheOptionsSaySo() throws Exception {
    Notification notification =
        Notification.to("webhook:" + url())
            .text("{\"order\": 1001}")
            .options(ChannelOptions.of("webhook", Map.of("body", "text")))
            .build();

    open(WebhookChannel.unsigned().body(any -> WebhookBody.json("{}")))
        .send(Attempts.of(notification, 1));

    assertThat(onlyRequest().getBodyAsString()).isEqualTo("{\"order\": 1001}");
    assertThat(onlyRequest().getHeader("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void anotherWordForTheBodyIsRefused() {
    Notification notification =
        Notification.to("webhook:" + url())
            .text("x")
            .options(ChannelOptions.of("webhook", Map.of("body", "html")))
            .build();
    assertThatThrownBy(() -> open(WebhookChannel.unsigned()).check(Attempts.of(notification, 1)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage("webhook option body must be text: then the notification's text is the body");
  }

  @Test
  void theBodyIsAnEventAsTheSpecificationRecommends() throws Exception {
    Notification notification =
        Notification.to(Recipient.named("user-42").webhook(url()))
            .subject("Order 1001")
            .text("It has shipped. ✓")
            .html("<b>It has shipped.</b>")
            .priority(Priority.HIGH)
            .data(Map.of("order", 1001, "lines", List.of("a", "b")))
            .options(WebhookOptions.eventType("order.shipped"))
            .attach(Attachment.of("invoice.pdf", "application/pdf", new byte[] {1, 2, 3}))
            .correlationId("c-1")
            .build();

    DeliveryResult result = open(WebhookChannel.unsigned()).send(Attempts.of(notification, 1));

    assertThat(result).isEqualTo(DeliveryResult.accepted());
    assertThat(onlyRequest().getMethod().getName()).isEqualTo("POST");
    assertThat(onlyRequest().getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(JsonMapper.builder().build().readTree(onlyRequest().getBody()))
        .isEqualTo(
            JsonMapper.builder()
                .build()
                .readTree(
                    """
                    {"type": "order.shipped",
                     "timestamp": "2026-01-02T03:04:05.678Z",
                     "data": {
                       "id": "%s-0",
                       "notification": "%s",
                       "correlationId": "c-1",
                       "priority": "high",
                       "recipient": "user-42",
                       "subject": "Order 1001",
                       "text": "It has shipped. ✓",
                       "html": "<b>It has shipped.</b>",
                       "values": {"order": 1001, "lines": ["a", "b"]},
                       "attachments": [
                         {"name": "invoice.pdf", "contentType": "application/pdf", "size": 3}]}}
                    """
                        .formatted(Attempts.ID, Attempts.ID)));
  }

  @Test
  void theChannelHasAnEventTypeOfItsOwn() throws Exception {
    send(WebhookChannel.unsigned().eventType("shop.message"));

    JsonNode event = JsonMapper.builder().build().readTree(onlyRequest().getBody());
    assertThat(event.path("type").asText()).isEqualTo("shop.message");
  }

  @Test
  void theHostMakesABodyOfItsOwn() throws Exception {
    byte[] xml = "<order id=\"1\">ü</order>".getBytes(StandardCharsets.ISO_8859_1);

    send(
        WebhookChannel.signedWith(SECRET)
            .body(attempt -> WebhookBody.of(xml, "application/xml; charset=iso-8859-1")));

    assertThat(onlyRequest().getBody()).isEqualTo(xml);
    assertThat(onlyRequest().getHeader("Content-Type"))
        .isEqualTo("application/xml; charset=iso-8859-1");
    assertVerifies(onlyRequest());
  }

  @Test
  void aBodyThatCannotBeMadeIsAPermanentFailureThatDoesNotQuoteIt() throws Exception {
    DeliveryResult result =
        send(
            WebhookChannel.unsigned()
                .body(
                    attempt -> {
                      throw new IllegalStateException("secret of the host");
                    }));

    assertThat(result)
        .isEqualTo(
            DeliveryResult.permanentFailure(
                "the body could not be made: java.lang.IllegalStateException"));
    assertThat(requests()).isEmpty();
  }

  @Test
  void headersOfTheHostsOwnAreAdded() throws Exception {
    send(WebhookChannel.unsigned().header("Authorization", "Bearer abc").header("X-Tenant", "7"));

    assertThat(onlyRequest().getHeader("authorization")).isEqualTo("Bearer abc");
    assertThat(onlyRequest().getHeader("x-tenant")).isEqualTo("7");
    assertThat(onlyRequest().getHeader("user-agent")).startsWith("notifier/");
  }

  // --- Signatures -------------------------------------------------------------------------------

  private void assertVerifies(LoggedRequest request) {
    assertThat(
            WebhookVerifier.of(SECRET)
                .withClock(() -> now)
                .verify(request::getHeader, request.getBody()))
        .isEqualTo(Attempts.ID + "-0");
  }

  @Test
  void theReceiverCanVerifyTheBytesThatCame() throws Exception {
    send(WebhookChannel.signedWith(SECRET, WebhookVerifierTest.OLD_SECRET));

    assertVerifies(onlyRequest());
    assertThat(onlyRequest().getHeader("webhook-signature").split(" ")).hasSize(2);
  }

  @Test
  void theIdStaysOverRetriesAndTheTimestampDoesNot() throws Exception {
    Channel channel = open(WebhookChannel.signedWith(SECRET));
    Notification notification = Attempts.to(url()).notification();

    channel.send(Attempts.of(notification, 1));
    assertVerifies(requests().get(0));
    now = now.plusSeconds(600);
    channel.send(Attempts.of(notification, 2));

    List<LoggedRequest> requests = requests();
    assertThat(requests)
        .extracting(r -> r.getHeader("webhook-id"))
        .containsOnly(Attempts.ID + "-0");
    assertThat(requests)
        .extracting(r -> Long.parseLong(r.getHeader("webhook-timestamp")))
        .containsExactlyInAnyOrder(NOW.getEpochSecond(), NOW.getEpochSecond() + 600);
    assertThat(requests)
        .extracting(LoggedRequest::getBodyAsString)
        .containsOnly(requests.get(0).getBodyAsString());
    assertThat(Attempts.ID + "-0").doesNotContain(".");
  }

  @Test
  void existingReceiversGetThePlainHmacOfTheBody() throws Exception {
    send(
        WebhookChannel.unsigned()
            .plainHmac("X-Hub-Signature-256", "It's a Secret to Everybody")
            .body(
                attempt ->
                    WebhookBody.of(
                        "Hello, World!".getBytes(StandardCharsets.UTF_8), "text/plain")));

    // The example of GitHub's documentation, "Validating webhook deliveries".
    assertThat(onlyRequest().getHeader("X-Hub-Signature-256"))
        .isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    assertThat(onlyRequest().getHeader("webhook-signature")).isNull();
  }

  @Test
  void eachEndpointCanHaveItsOwnSecrets() throws Exception {
    List<Address> asked = new ArrayList<>();

    send(
        WebhookChannel.signedBy(
            endpoint -> {
              asked.add(endpoint);
              return List.of(SECRET);
            }));

    assertThat(asked).extracting(Address::value).containsExactly(url());
    assertVerifies(onlyRequest());
  }

  @Test
  void anEndpointWithoutUsableSecretsFailsForGoodAndTheChannelGoesOn() throws Exception {
    DeliveryResult bad = send(WebhookChannel.signedBy(endpoint -> List.of("whsec_c2hvcnQ=")));
    DeliveryResult broken =
        send(
            WebhookChannel.signedBy(
                endpoint -> {
                  throw new IllegalStateException("jdbc:secret");
                }));

    DeliveryResult none = send(WebhookChannel.signedBy(endpoint -> List.of()));

    assertThat(none.reason()).isEqualTo("the endpoint has no secret to sign with");
    assertThat(bad.reason()).startsWith("a secret of the endpoint cannot be used: ");
    assertThat(bad)
        .isInstanceOfSatisfying(Permanent.class, p -> assertThat(p.configurationFault()).isFalse());
    assertThat(broken.reason())
        .isEqualTo(
            "the secrets of the endpoint could not be looked up: java.lang.IllegalStateException");
    assertThat(requests()).isEmpty();
  }

  // --- What a reply means -----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206, 299})
  void onlyTwoHundredsAreSuccess(int status) throws Exception {
    answer(aResponse().withStatus(status));
    assertThat(send(WebhookChannel.unsigned())).isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 501, 502, 503, 504, 599})
  void whatMayPassIsTransient(int status) throws Exception {
    answer(aResponse().withStatus(status).withHeader("Retry-After", "120").withBody("busy"));

    DeliveryResult result = send(WebhookChannel.unsigned());

    assertThat(result)
        .isEqualTo(
            DeliveryResult.transientFailure(
                "HTTP " + status + " from http://127.0.0.1:" + receiver.port() + "/…: busy",
                Duration.ofMinutes(2)));
    assertThat(requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 405, 409, 413, 418, 422, 451})
  void whatTheReceiverWillNotTakeIsPermanent(int status) throws Exception {
    answer(aResponse().withStatus(status));
    assertThat(send(WebhookChannel.unsigned()))
        .isEqualTo(
            DeliveryResult.permanentFailure(
                "HTTP " + status + " from http://127.0.0.1:" + receiver.port() + "/…"));
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 304, 307, 308})
  void aRedirectIsAPermanentFailureAndNotFollowed(int status) throws Exception {
    answer(aResponse().withStatus(status).withHeader("Location", "https://other.example/T0KEN"));

    DeliveryResult result = send(WebhookChannel.signedWith(SECRET));

    assertThat(result)
        .isEqualTo(
            DeliveryResult.permanentFailure(
                "HTTP "
                    + status
                    + " from http://127.0.0.1:"
                    + receiver.port()
                    + "/…, a redirect to https://other.example/…, which is never followed: correct"
                    + " the endpoint's URL"));
    assertThat(requests()).hasSize(1);
  }

  @Test
  void goneSuppressesTheEndpointAndTellsTheListener() throws Exception {
    answer(aResponse().withStatus(410).withBody("unsubscribed"));
    Recording listener = new Recording();

    DeliveryResult result = send(WebhookChannel.unsigned().listener(listener));

    assertThat(result)
        .isInstanceOfSatisfying(Permanent.class, p -> assertThat(p.suppressRecipient()).isTrue());
    assertThat(listener.disabled).singleElement().asString().endsWith("/…: unsubscribed");
  }

  @Test
  void retryAfterMayBeADate() throws Exception {
    answer(aResponse().withStatus(503).withHeader("Retry-After", "Wed, 04 Mar 2026 05:06:37 GMT"));

    assertThat(send(WebhookChannel.unsigned()))
        .isInstanceOfSatisfying(
            Transient.class,
            failure -> assertThat(failure.retryAfter()).contains(Duration.ofMillis(29_110)));
  }

  @Test
  void silenceIsAmbiguousAndEndsByTheTimeout() throws Exception {
    answer(aResponse().withStatus(200).withFixedDelay(5000));

    DeliveryResult result = send(WebhookChannel.unsigned().timeout(Duration.ofMillis(200)));

    assertThat(result).isInstanceOf(Ambiguous.class);
    assertThat(result.reason())
        .startsWith("no reply from http://127.0.0.1:" + receiver.port() + "/…: ")
        .doesNotContain("T0KEN");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "RANDOM_DATA_THEN_CLOSE"})
  void aReplyThatIsNoneIsAmbiguous(Fault fault) throws Exception {
    answer(aResponse().withFault(fault));
    assertThat(send(WebhookChannel.unsigned())).isInstanceOf(Ambiguous.class);
    assertThat(requests()).hasSize(1);
  }

  @Test
  void aConnectionThatIsNotMadeIsTransient() throws Exception {
    WireMockServer gone = new WireMockServer(options().dynamicPort());
    gone.start();
    int port = gone.port();
    gone.stop();

    assertThat(open(WebhookChannel.unsigned()).send(Attempts.to("http://127.0.0.1:" + port + "/")))
        .isInstanceOf(Transient.class);
  }

  @Test
  void theStatusStandsThoughTheBodyBreaksOff() throws Exception {
    answer(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)); // 200, then garbage
    assertThat(send(WebhookChannel.unsigned())).isInstanceOf(Accepted.class);
  }

  // --- Discretion -------------------------------------------------------------------------------

  @Test
  void anEchoOfTheRequestIsNotRepeated() throws Exception {
    String echo =
        "Cannot POST /hooks/T0KEN-of-the-endpoint with Bearer t0ps3cret and "
            + SECRET
            + ": It has shipped.";
    answer(aResponse().withStatus(404).withBody(echo));
    Recording listener = new Recording();

    DeliveryResult result =
        send(
            WebhookChannel.signedWith(SECRET)
                .header("Authorization", "Bearer t0ps3cret")
                .listener(listener));

    assertThat(result.reason())
        .endsWith("/…: Cannot POST … with … and …: …")
        .doesNotContain("T0KEN");
    assertThat(listener.replies).containsExactly("404 Cannot POST … with … and …: …");
  }

  @Test
  void theListenerGetsTheStartOfALongReplyAndTheReasonLess() throws Exception {
    answer(aResponse().withStatus(500).withBody("x".repeat(100_000)));
    Recording listener = new Recording();

    DeliveryResult result = send(WebhookChannel.unsigned().listener(listener));

    assertThat(listener.replies).singleElement().asString().hasSize("500 ".length() + 20_480);
    assertThat(result.reason()).hasSizeLessThan(300);
  }

  @Test
  void aListenerThatThrowsHurtsNobody() throws Exception {
    WebhookListener broken =
        new WebhookListener() {
          @Override
          public void replied(DeliveryAttempt attempt, int status, String body) {
            throw new IllegalStateException("broken");
          }
        };
    assertThat(send(WebhookChannel.unsigned().listener(broken))).isInstanceOf(Accepted.class);
  }

  @Test
  void nothingSecretIsInTheTextForms() {
    WebhookChannel settings =
        WebhookChannel.signedWith(SECRET)
            .header("Authorization", "Bearer t0ps3cret")
            .plainHmac("X-Sig", "plain-secret");
    assertThat(settings.toString() + open(settings) + settings.plainHmac())
        .doesNotContain("MDEy", "t0ps3cret", "plain-secret");
  }

  // --- Where to ---------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://example.com/ | webhook URL must start with https://; plain http to example.com must"
            + " be allowed by name with allowHttp(\"example.com\")",
        "https://10.0.0.1/ | host 10.0.0.1 is refused: its address 10.0.0.1 is in 10.0.0.0/8",
        "https://[::1]/ | host ::1 is refused",
        "https://[::ffff:169.254.169.254]/ | is in 169.254.0.0/16 (link-local, cloud metadata)"
      })
  void whatCanBeToldOfTheUrlIsToldWhenTheNotificationIsSent(String url, String problem)
      throws Exception {
    Channel channel = open(WebhookChannel.unsigned());
    DeliveryAttempt attempt = Attempts.to(url);

    assertThatThrownBy(() -> channel.check(attempt))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining(problem.replace("\" + \"", ""));
    assertThat(channel.send(attempt))
        .isInstanceOfSatisfying(Permanent.class, p -> assertThat(p.suppressRecipient()).isFalse());
  }

  @ParameterizedTest
  @CsvSource({"event-type, no spaces", "event-typo, a.b"})
  void optionsThatWereWrittenByHandAreChecked(String key, String value) {
    Notification notification =
        Notification.to("webhook:" + url())
            .text("hello")
            .options(ChannelOptions.of("webhook", Map.of(key, value)))
            .build();
    Channel channel = open(WebhookChannel.unsigned());
    assertThatThrownBy(() -> channel.check(Attempts.of(notification, 1)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("event-type");
  }

  // --- The rest ---------------------------------------------------------------------------------

  @Test
  void anEndpointThatKeepsFailingIsDisabled() throws Exception {
    answer(aResponse().withStatus(500));
    Recording listener = new Recording();
    Channel channel =
        open(WebhookChannel.unsigned().disableAfter(2, Duration.ofHours(1)).listener(listener));

    assertThat(channel.send(Attempts.to(url()))).isInstanceOf(Transient.class);
    now = now.plus(Duration.ofHours(1));
    assertThat(channel.send(Attempts.to(url())))
        .isInstanceOfSatisfying(Permanent.class, p -> assertThat(p.suppressRecipient()).isTrue());
    assertThat(listener.disabled)
        .singleElement()
        .asString()
        .startsWith("the endpoint is disabled: 2 attempts in a row failed since " + NOW);
  }

  @Test
  void thePolicyHasABreakerForEachEndpointAndNoneForAll() {
    ChannelPolicy defaults = ChannelPolicy.defaults();
    ChannelPolicy policy =
        open(WebhookChannel.unsigned().retries(WebhookChannel.STANDARD_RETRIES)).policy(defaults);

    assertThat(policy.concurrency()).isEqualTo(32);
    assertThat(policy.breaker()).isEmpty();
    assertThat(policy.recipientBreaker()).isEqualTo(defaults.recipientBreaker());
    assertThat(policy.retry(Priority.LOW).delays()).hasSize(9);
    assertThat(open(WebhookChannel.unsigned()).policy(defaults).retry(Priority.LOW).delays())
        .isEmpty();
  }

  @Test
  void aPreviewTellsSizeAndTypeAndSendsNothing() {
    Channel channel = open(WebhookChannel.unsigned());
    Notification large = Notification.to("webhook:" + url()).text("x".repeat(20_480)).build();

    assertThat(channel.preview(Attempts.to(url())))
        .singleElement()
        .asString()
        .matches("[0-9]+ bytes of application/json");
    assertThat(channel.preview(Attempts.of(large, 1)))
        .contains("over 20480 bytes: receivers may refuse it");
    assertThat(requests()).isEmpty();
  }

  @Test
  void aPreviewTellsThatTheBodyCannotBeMade() {
    Channel channel =
        open(
            WebhookChannel.unsigned()
                .body(
                    attempt -> {
                      throw new IllegalStateException();
                    }));
    assertThat(channel.preview(Attempts.to(url())))
        .containsExactly("the body could not be made: java.lang.IllegalStateException");
  }

  @Test
  void verifyingKnowsOfNoProvider() {
    assertThat(open(WebhookChannel.signedWith(SECRET)).verify().verdict())
        .isEqualTo(Verification.Verdict.UNKNOWN);
  }

  @Test
  void settingsThatCannotBeAreRefusedAtTheCall() {
    WebhookChannel channel = WebhookChannel.unsigned();
    assertThatThrownBy(() -> channel.timeout(Duration.ZERO))
        .hasMessage("timeout must be from 1 ms to 5 minutes, but was PT0S");
    assertThatThrownBy(() -> channel.callsPerHost(0))
        .hasMessage("callsPerHost must be from 1 to 1000, but was 0");
    assertThatThrownBy(() -> channel.disableAfter(0, Duration.ofDays(1)))
        .hasMessage("failures must be 1 or more, but was 0");
    assertThatThrownBy(() -> channel.disableAfter(1, Duration.ofDays(-1)))
        .hasMessageContaining("time must be from 0 to 365 days");
    assertThatThrownBy(() -> channel.eventType("a b")).hasMessageContaining("event type must be");
    assertThatThrownBy(() -> channel.plainHmac("X-Sig", " "))
        .hasMessage("the secret of header X-Sig must not be empty");
    assertThatThrownBy(() -> channel.allowHttp("http://example.com"))
        .hasMessageContaining("host must be a host name or an IP address");
    assertThatThrownBy(() -> WebhookBody.of(new byte[0], "no type"))
        .hasMessageContaining("content type must be a media type");
  }

  /** Writes down what it hears. */
  private static final class Recording implements WebhookListener {
    final List<String> replies = new ArrayList<>();
    final List<String> disabled = new ArrayList<>();

    @Override
    public void replied(DeliveryAttempt attempt, int status, String body) {
      replies.add(status + " " + body);
    }

    @Override
    public void endpointDisabled(Address endpoint, String reason) {
      disabled.add(reason);
    }
  }
}
