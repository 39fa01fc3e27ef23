package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.Attachment;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.SettableClock;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SesGatewayTest {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  private final FakeSes ses = new FakeSes(server);
  private final SettableClock clock = new SettableClock();

  @BeforeAll
  static void start() {
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void acceptEverything() {
    server.resetAll();
    ses.accept();
  }

  private DeliveryResult send(SesAccount account, Notification.Builder notification)
      throws Exception {
    try (Channel channel = account.clock(clock).create()) {
      return channel.send(Attempts.of(notification));
    }
  }

  private DeliveryResult send() throws Exception {
    return send(ses.account(), hello());
  }

  private static Notification.Builder hello() {
    return Notification.to("email:Ada@example.com").subject("Hello").text("Hello Ada");
  }

  private LoggedRequest request() {
    assertThat(ses.requests()).hasSize(1);
    return ses.requests().get(0);
  }

  private JsonNode mail() {
    return Json.read(request().getBody());
  }

  /** Read by another library than the one that wrote it. */
  private MimeMessage mime() throws Exception {
    byte[] raw = Base64.getDecoder().decode(mail().at("/Content/Raw/Data").asText());
    return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(raw));
  }

  // --- What is sent -----------------------------------------------------------------------------

  @Test
  void aMessageIsMimeInJsonAndSigned() throws Exception {
    assertThat(send()).isEqualTo(DeliveryResult.accepted(FakeSes.MESSAGE_ID));

    assertThat(request().getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(request().getHeader("X-Amz-Date")).isEqualTo("20250101T120000Z");
    assertThat(request().getHeader("Authorization"))
        .startsWith(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250101/eu-west-1/ses/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date, Signature=");
    assertThat(mail().path("Destination"))
        .isEqualTo(Json.read("{\"ToAddresses\":[\"Ada@example.com\"]}"));
    assertThat(mail().path("EmailTags"))
        .isEqualTo(
            Json.read(
                "[{\"Name\":\"notifier_delivery\",\"Value\":\"" + Attempts.DELIVERY + "\"}]"));
    assertThat(mime().getSubject()).isEqualTo("Hello");
    assertThat(mime().getContent()).isEqualTo("Hello Ada\r\n");
    assertThat(mime().getHeader("X-Notifier-Delivery")).containsExactly(Attempts.DELIVERY + "");
  }

  /** Computed with the secret, as Amazon does it, over what arrived. */
  @Test
  void theSignatureIsOverWhatArrives() throws Exception {
    send();

    LoggedRequest arrived = request();
    Request again =
        new Request.Builder()
            .url(server.baseUrl() + arrived.getUrl())
            .header("Content-Type", arrived.getHeader("Content-Type"))
            .post(RequestBody.create(arrived.getBody()))
            .build();
    assertThat(
            new AwsSigner("eu-west-1", "ses")
                .sign(again, AwsCredentials.of("AKIDEXAMPLE", FakeSes.SECRET), clock.instant())
                .header("Authorization"))
        .isEqualTo(arrived.getHeader("Authorization"));
    assertThat(arrived.getHeader("Host")).isEqualTo("localhost:" + server.port());
  }

  private static Notification.Builder everything() {
    return Notification.to("email:ada@käse.example")
        .subject("Grüße")
        .text("Text")
        .html("<b>Text</b>")
        .attach(Attachment.of("Größe.pdf", "application/pdf", new byte[] {1, 2, 3, 4}))
        .options(
            EmailOptions.create()
                .toName("Ada Lovelace")
                .replyTo("help@shop.example")
                .cc("Bob <bob@example.com>")
                .bcc("eve@example.com")
                .header("X-Campaign", "Frühling")
                .unsubscribe("https://shop.example/u"));
  }

  @Test
  void everyFieldOfAMessageIsCarriedOver() throws Exception {
    assertThat(send(ses.account().configurationSet("events_1-a"), everything()))
        .isInstanceOf(Accepted.class);

    assertThat(mail().path("Destination"))
        .isEqualTo(
            Json.read(
                """
                {"ToAddresses": ["ada@xn--kse-qla.example"], "CcAddresses": ["bob@example.com"],
                 "BccAddresses": ["eve@example.com"]}"""));
    assertThat(mail().path("ConfigurationSetName").asText()).isEqualTo("events_1-a");
    assertThat(mail().at("/EmailTags/1/Name").asText()).isEqualTo(EventTags.RECIPIENT);
    MimeMessage mime = mime();
    assertThat(mime.getFrom()[0]).hasToString("Shop <no-reply@shop.example>");
    assertThat(mime.getReplyTo()[0]).hasToString("help@shop.example");
    assertThat(mime.getRecipients(RecipientType.CC)[0]).hasToString("Bob <bob@example.com>");
    assertThat(mime.getRecipients(RecipientType.BCC)).isNull();
    assertThat(mime.getHeader("List-Unsubscribe")).containsExactly("<https://shop.example/u>");
    assertThat(mime.getHeader("X-Notifier-Recipient"))
        .containsExactly(mail().at("/EmailTags/1/Value").asText());
    assertThat(((Multipart) mime.getContent()).getCount()).isEqualTo(2);
  }

  @Test
  void everythingThatIsSentIsInTheModelOfAmazon() throws Exception {
    send(ses.account().configurationSet("events"), everything());

    JsonSchema.ofSes(mail());
    mail()
        .path("EmailTags")
        .forEach(
            tag -> {
              assertThat(tag.path("Name").asText()).matches("[A-Za-z0-9_-]{1,256}");
              assertThat(tag.path("Value").asText()).matches("[A-Za-z0-9_-]{1,256}");
            });
  }

  @Test
  void aSessionTokenGoesAlong() throws Exception {
    AwsCredentials session = new AwsCredentials("ASIAEXAMPLE", "secret", Optional.of("token=="));
    send(
        EmailChannel.ses("eu-west-1", () -> session).from(Accounts.FROM).baseUrl(server.baseUrl()),
        hello());

    assertThat(request().getHeader("X-Amz-Security-Token")).isEqualTo("token==");
    assertThat(request().getHeader("Authorization")).contains("x-amz-security-token");
  }

  @Test
  void withoutCredentialsNothingLeaves() {
    SesAccount account =
        EmailChannel.ses(
                "eu-west-1",
                () -> {
                  throw new IllegalStateException("secret words of the provider");
                })
            .from(Accounts.FROM)
            .baseUrl(server.baseUrl());

    assertThatThrownBy(() -> send(account, hello()))
        .isInstanceOf(IOException.class)
        .hasMessage("no AWS credentials: IllegalStateException");
    try (Channel channel = account.create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    }
    assertThat(ses.requests()).isEmpty();
  }

  @Test
  void whatSesCannotCarryIsRefusedBeforeAnythingIsSent() {
    try (Channel channel = ses.account().create()) {
      assertThatThrownBy(
              () ->
                  channel.check(
                      Attempts.of(Notification.to("email:ädä@example.com").text("Hello"))))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("SES takes only ASCII before the @");
    }
    assertThat(ses.requests()).isEmpty();
  }

  // --- What answers mean ------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "429, TooManyRequestsException,             Too many requests,        transient",
    "400, LimitExceededException,               Quota,                    transient",
    "400, ThrottlingException,                  Maximum sending rate exceeded., transient",
    "400, Throttling,                           Rate exceeded,            transient",
    "503, SlowDown,                             Please slow down,         transient",
    "400, RequestTimeoutException,              No body,                  transient",
    "400, AccountSuspendedException,            Suspended,                configuration fault",
    "400, SendingPausedException,               Paused,                   configuration fault",
    "400, MailFromDomainNotVerifiedException,   Not verified,             configuration fault",
    "404, NotFoundException,                    Configuration set,        configuration fault",
    "403, AccessDeniedException,                Not authorized,           configuration fault",
    "403, UnrecognizedClientException,          Invalid token,            configuration fault",
    "403, ExpiredTokenException,                Expired,                  configuration fault",
    "400, ExpiredTokenException,                Expired,                  configuration fault",
    "400, MessageRejected,  Email address is not verified: no-reply@Shop.example, configuration fault",
    "400, MessageRejected,  Email address is not verified: ada@example.com, permanent",
    "400, MessageRejected,                      Illegal content,          permanent",
    "400, BadRequestException,                  Missing final '@domain',  permanent",
    "413, RequestEntityTooLarge,                Too large,                permanent",
    "400, SomethingNew,                         Words,                    permanent",
    "302, '',                                   '',                       configuration fault",
    "500, InternalFailure,                      Words,                    ambiguous",
    "502, '',                                   '',                       ambiguous",
    "503, ServiceUnavailable,                   Words,                    ambiguous",
    "504, '',                                   '',                       ambiguous",
  })
  void everyErrorHasItsMeaning(int status, String type, String words, String meaning)
      throws Exception {
    ses.refuse(status, type, words);

    DeliveryResult result = send();

    assertThat(kind(result)).isEqualTo(meaning);
    assertThat(result.reason()).contains("SES answered HTTP " + status, type);
    assertThat(ses.requests()).hasSize(1);
  }

  @Test
  void everyErrorInTheModelOfAmazonHasAMeaningOfItsOwn() throws Exception {
    Map<String, String> meanings =
        Map.of(
            "TooManyRequestsException", "transient",
            "LimitExceededException", "transient",
            "AccountSuspendedException", "configuration fault",
            "SendingPausedException", "configuration fault",
            "MessageRejected", "permanent",
            "MailFromDomainNotVerifiedException", "configuration fault",
            "NotFoundException", "configuration fault",
            "BadRequestException", "permanent");
    JsonNode model = SharedFile.json("aws/ses/sesv2-2019-09-27.trimmed.json");
    Map<String, String> judged = new HashMap<>();
    for (JsonNode error : model.at("/operations/SendEmail/errors")) {
      String name = error.path("shape").asText();
      int status = model.path("shapes").path(name).at("/error/httpStatusCode").asInt();
      ses.refuse(status, name, "Words");
      judged.put(name, kind(send()));
    }

    assertThat(judged).isEqualTo(meanings);
  }

  @Test
  void whatAmazonsOwnClientsTakeForThrottlingIsTransient() throws Exception {
    JsonNode definitions = SharedFile.json("aws/botocore_retry.json").path("definitions");
    for (JsonNode definition : definitions) {
      JsonNode response = definition.at("/applies_when/response");
      if (response.has("service_error_code")) {
        ses.refuse(
            response.path("http_status_code").asInt(),
            response.path("service_error_code").asText(),
            "Words");
        assertThat(send()).as("%s", response).isInstanceOf(Transient.class);
      }
    }
    assertThat(ses.requests()).hasSizeGreaterThanOrEqualTo(5);
  }

  private static String kind(DeliveryResult result) {
    if (result instanceof Permanent failure && failure.configurationFault()) {
      return "configuration fault";
    }
    return result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @CsvSource({
    "TooManyRequestsException:http://internal.amazon.com/coral/com.amazonaws.ses/, ''",
    "'', com.amazonaws.services.sesv2#TooManyRequestsException",
    "'', TooManyRequestsException",
  })
  void theNameOfAnErrorIsFoundWhereverItStands(String header, String type) throws Exception {
    ses.answer(
        aResponse()
            .withStatus(400)
            .withHeader("x-amzn-ErrorType", header)
            .withBody("{\"__type\":\"" + type + "\",\"Message\":\"Words\"}"));

    assertThat(send())
        .isEqualTo(
            DeliveryResult.transientFailure(
                "SES answered HTTP 400, TooManyRequestsException: Words"));
  }

  @Test
  void aQuotaThatIsUsedUpIsWaitedFor() throws Exception {
    ses.refuse(400, "ThrottlingException", "Daily message quota exceeded.");
    assertThat(((Transient) send()).retryAfter()).hasValue(Duration.ofMinutes(10));

    ses.refuse(400, "ThrottlingException", "Maximum sending rate exceeded.");
    assertThat(((Transient) send()).retryAfter()).isEmpty();
  }

  @Test
  void anAnswerThatCannotBeReadIsAmbiguous() throws Exception {
    ses.answer(aResponse().withStatus(200).withBody("<html>Welcome to the hotel</html>"));
    assertThat(send()).isInstanceOf(Ambiguous.class);

    ses.answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
    assertThat(send()).isInstanceOf(Ambiguous.class);
  }

  @Test
  void theReasonHoldsNoAddressAndNothingOfTheRequest() throws Exception {
    ses.refuse(
        403,
        "InvalidSignatureException",
        "The signature for ada@example.com does not match.\\n\\nx-amz-security-token:s3cret");

    assertThat(send().reason())
        .isEqualTo(
            "SES answered HTTP 403, InvalidSignatureException: The signature for *** does not"
                + " match.");
  }

  // --- Whether it works -------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "200, '{\"SendingEnabled\":true,\"EnforcementStatus\":\"HEALTHY\"}', WORKS, enabled (HEALTHY)",
    "200, '{\"SendingEnabled\":true,\"ProductionAccessEnabled\":false}', WORKS, in the sandbox",
    "200, '{\"SendingEnabled\":false,\"EnforcementStatus\":\"SHUTDOWN\"}', REFUSED, paused",
    "403, '{\"__type\":\"AccessDeniedException\"}', REFUSED, ses:GetAccount",
    "400, '{\"__type\":\"ExpiredTokenException\"}', REFUSED, check the region",
    "200, '<html>', UNREACHABLE, HTTP 200",
    "500, '', UNREACHABLE, HTTP 500",
  })
  void verifyingAsksForTheAccount(int status, String body, Verdict verdict, String words) {
    server.stubFor(
        get("/v2/email/account").willReturn(aResponse().withStatus(status).withBody(body)));

    try (Channel channel = ses.account().create()) {
      Verification verification = channel.verify();
      assertThat(verification.verdict()).isEqualTo(verdict);
      assertThat(verification.detail()).contains("SES", words);
    }
    assertThat(request().getHeader("Authorization")).startsWith("AWS4-HMAC-SHA256 ");
  }

  // --- Settings ---------------------------------------------------------------------------------

  @Test
  void theHostIsThatOfTheRegion() {
    assertThat(EmailChannel.ses("eu-west-1", "a", "b").base())
        .hasToString("https://email.eu-west-1.amazonaws.com/");
    assertThat(EmailChannel.ses("cn-north-1", "a", "b").base())
        .hasToString("https://email.cn-north-1.amazonaws.com.cn/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "europe", "eu-west-1.evil.example/", "EU-WEST-1", "eu-west-1\n"})
  void aRegionMustBeOne(String region) {
    assertThatThrownBy(() -> EmailChannel.ses(region, "a", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("region must be a name like eu-west-1");
  }

  @Test
  void aConfigurationSetMustBeOne() {
    assertThatThrownBy(() -> EmailChannel.ses("eu-west-1", "a", "b").configurationSet("two words"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("configurationSet must be");
  }

  @Test
  void nothingShowsTheKey() {
    SesAccount account = ses.account();
    try (Channel channel = account.create()) {
      assertThat(account).hasToString("SesAccount[email]");
      assertThat(channel).hasToString("SES[email]");
    }
  }
}
