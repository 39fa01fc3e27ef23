package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.Attachment;
import dev.notifier.ConfigurationException;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SendGridGatewayTest {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  private final FakeSendGrid sendGrid = new FakeSendGrid(server);
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
    sendGrid.accept();
  }

  private DeliveryResult send(Notification.Builder notification) throws Exception {
    try (Channel channel = sendGrid.account().clock(clock).create()) {
      return channel.send(Attempts.of(notification));
    }
  }

  private DeliveryResult send() throws Exception {
    return send(hello());
  }

  private static Notification.Builder hello() {
    return Notification.to("email:Ada@example.com").subject("Hello").text("Hello Ada");
  }

  private LoggedRequest request() {
    assertThat(sendGrid.requests()).hasSize(1);
    return sendGrid.requests().get(0);
  }

  private JsonNode mail() {
    return Json.read(request().getBody());
  }

  // --- What is sent -----------------------------------------------------------------------------

  @Test
  void aMessageIsJsonWithTheKey() throws Exception {
    assertThat(send()).isEqualTo(DeliveryResult.accepted(FakeSendGrid.MESSAGE_ID));

    assertThat(request().getHeader("Authorization")).isEqualTo("Bearer " + FakeSendGrid.KEY);
    assertThat(request().getHeader("Content-Type")).isEqualTo("application/json");
    assertThat(mail())
        .isEqualTo(
            Json.read(
                """
                {"personalizations": [{
                   "to": [{"email": "Ada@example.com"}],
                   "custom_args": {
                     "notifier_delivery": "0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-0"}}],
                 "from": {"email": "no-reply@shop.example", "name": "Shop"},
                 "subject": "Hello",
                 "content": [{"type": "text/plain", "value": "Hello Ada"}],
                 "headers": {
                   "Message-ID": "<0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-0@shop.example>",
                   "Auto-Submitted": "auto-generated",
                   "X-Auto-Response-Suppress": "All"}}"""));
  }

  private static Notification.Builder everything() {
    return Notification.to("email:ada@käse.example")
        .subject("Grüße\u2026 = \"quoted\"")
        .text("Text\n.\n")
        .html("<img src=\"cid:logo\">Grüße")
        .attach(Attachment.of("Größe.pdf", "application/pdf", new byte[] {1, 2, 3, 4}))
        .attach(Attachment.of("logo.png", "image/png", new byte[] {5}).inline("logo"))
        .options(
            EmailOptions.create()
                .from("Käse, Laden; \"GmbH\" <laden@käse.example>")
                .toName("Ada Lovelace")
                .replyTo("help@shop.example")
                .cc("Bob <bob@example.com>")
                .cc("ADA@xn--kse-qla.example")
                .bcc("eve@example.com")
                .header("X-Campaign", "Frühling")
                .highImportance()
                .oneClickUnsubscribe("https://shop.example/u?id=1", "mailto:u@shop.example"));
  }

  @Test
  void everyFieldOfAMessageIsCarriedOver() throws Exception {
    assertThat(send(everything())).isInstanceOf(Accepted.class);

    JsonNode mail = mail();
    JsonNode personalization = mail.path("personalizations").path(0);
    assertThat(personalization.path("to"))
        .isEqualTo(
            Json.read("[{\"email\":\"ada@xn--kse-qla.example\",\"name\":\"Ada Lovelace\"}]"));
    assertThat(personalization.path("cc"))
        .isEqualTo(Json.read("[{\"email\":\"bob@example.com\",\"name\":\"Bob\"}]"));
    assertThat(personalization.path("bcc"))
        .isEqualTo(Json.read("[{\"email\":\"eve@example.com\"}]"));
    assertThat(personalization.at("/custom_args/notifier_recipient").asText()).hasSize(32);
    assertThat(mail.at("/from/name").asText()).isEqualTo("\"Käse, Laden; \\\"GmbH\\\"\"");
    assertThat(mail.at("/reply_to/email").asText()).isEqualTo("help@shop.example");
    assertThat(mail.path("subject").asText()).isEqualTo("Grüße\u2026 = \"quoted\"");
    assertThat(mail.at("/content/0/value").asText()).isEqualTo("Text\n.\n");
    assertThat(mail.at("/content/1/type").asText()).isEqualTo("text/html");
    assertThat(mail.path("headers").path("X-Campaign").asText())
        .isEqualTo("=?UTF-8?B?" + base64("Frühling") + "?=");
    assertThat(mail.path("headers").path("X-Priority").asText()).isEqualTo("1");
    assertThat(mail.path("headers").path("List-Unsubscribe").asText())
        .isEqualTo("<https://shop.example/u?id=1>, <mailto:u@shop.example>");
    assertThat(mail.path("headers").path("List-Unsubscribe-Post").asText())
        .isEqualTo("List-Unsubscribe=One-Click");
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void filesAreAttachedAndImagesAreInline() throws Exception {
    send(everything());

    assertThat(mail().path("attachments"))
        .isEqualTo(
            Json.read(
                """
                [{"content": "AQIDBA==", "type": "application/pdf", "filename": "Größe.pdf",
                  "disposition": "attachment"},
                 {"content": "BQ==", "type": "image/png", "filename": "logo.png",
                  "disposition": "inline", "content_id": "logo"}]"""));
  }

  @Test
  void everythingThatIsSentIsInTheSpecificationOfSendGrid() throws Exception {
    send(everything());

    JsonSchema.ofSendGrid(mail());
  }

  @Test
  void aBareSubjectIsSentWithASpace() throws Exception {
    send(Notification.to("email:ada@example.com").subject("Just this"));

    assertThat(mail().at("/content/0/value").asText()).isEqualTo(" ");
    JsonSchema.ofSendGrid(mail());
  }

  // --- What is refused --------------------------------------------------------------------------

  private void assertRefused(Notification.Builder notification, String why) throws Exception {
    try (Channel channel = sendGrid.account().create()) {
      assertThatThrownBy(() -> channel.check(Attempts.of(notification)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining(why);
      assertThat(channel.send(Attempts.of(notification)))
          .isInstanceOfSatisfying(
              Permanent.class,
              failure -> {
                assertThat(failure.reason()).contains(why);
                assertThat(failure.configurationFault()).isFalse();
              });
    }
    assertThat(sendGrid.requests()).isEmpty();
  }

  @Test
  void whatSendGridCannotCarryIsRefusedBeforeAnythingIsSent() throws Exception {
    Notification.Builder toAda = Notification.to("email:ada@example.com").text("Hello");
    assertRefused(toAda, "SendGrid takes no message without a subject");
    assertRefused(
        Notification.to("email:ädä@example.com").subject("Hi").text("Hi"),
        "only ASCII before the @");
    assertRefused(
        hello().attach(Attachment.of("empty.txt", "text/plain", new byte[0])),
        "no empty file, but attachment \"empty.txt\" has no bytes");
    assertRefused(
        hello().options(EmailOptions.create().header("X-Tag", "one").header("x-tag", "two")),
        "each header once, but x-tag comes twice");
    assertRefused(
        hello()
            .text("y".repeat(10_000_000))
            .html("z".repeat(10_000_000))
            .attach(Attachment.of("a.bin", "application/octet-stream", new byte[8_000_000])),
        "less than 30000000 bytes");
  }

  // --- What answers mean ------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "200, '',               configuration fault",
    "400, '',               permanent",
    "400, personalizations, permanent",
    "400, from.email,       configuration fault",
    "401, '',               configuration fault",
    "403, from,             configuration fault",
    "404, '',               configuration fault",
    "405, '',               configuration fault",
    "406, '',               permanent",
    "408, '',               transient",
    "413, '',               permanent",
    "415, '',               configuration fault",
    "429, '',               transient",
    "302, '',               configuration fault",
    "500, '',               ambiguous",
    "502, '',               ambiguous",
    "503, '',               ambiguous",
  })
  void everyStatusHasItsMeaning(int status, String field, String meaning) throws Exception {
    sendGrid.refuse(status, field, "some words");

    DeliveryResult result = send();

    assertThat(kind(result)).isEqualTo(meaning);
    assertThat(result.reason()).contains("SendGrid answered HTTP " + status);
    assertThat(sendGrid.requests()).hasSize(1);
  }

  private static String kind(DeliveryResult result) {
    if (result instanceof Permanent failure && failure.configurationFault()) {
      return "configuration fault";
    }
    return result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @Test
  void theSandboxDoesNotSend() throws Exception {
    sendGrid.answer(aResponse().withStatus(200).withHeader("X-Message-Id", "abc"));

    assertThat(send()).isNotInstanceOf(Accepted.class);
  }

  @Test
  void anAcceptanceWithoutAnIdIsOne() throws Exception {
    sendGrid.answer(aResponse().withStatus(202));

    assertThat(send()).isEqualTo(DeliveryResult.accepted());
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "1735732807, -,  7", // noon of the first day of 2025, and seven seconds
        "1735732790, -,  0",
        "1735732807, 30, 7",
        "-,          30, 30",
        "soon,       30, 30",
        "1735740000, -,  -", // in two hours
        "1735732807000, 5, 5", // in milliseconds
        "99999999999, -, -",
      })
  void theEndOfARateLimitIsAWait(String reset, String retryAfter, Integer wait) throws Exception {
    ResponseDefinitionBuilder answer =
        aResponse().withStatus(429).withBody("{\"errors\":[{\"message\":\"too many requests\"}]}");
    if (reset != null) {
      answer.withHeader("X-RateLimit-Reset", reset);
    }
    if (retryAfter != null) {
      answer.withHeader("Retry-After", retryAfter);
    }
    sendGrid.answer(answer);

    assertThat(((Transient) send()).retryAfter().map(Duration::toSeconds).orElse(null))
        .isEqualTo(wait == null ? null : wait.longValue());
  }

  @Test
  void aServerErrorThatSaysWhenToComeBackIsTransientAndNotRepeatedAtOnce() throws Exception {
    sendGrid.answer(aResponse().withStatus(503).withHeader("Retry-After", "7"));
    assertThat(((Transient) send()).retryAfter()).hasValue(Duration.ofSeconds(7));

    server.resetRequests();
    sendGrid.answer(aResponse().withStatus(503).withHeader("Retry-After", "0"));
    assertThat(send()).isInstanceOf(Ambiguous.class);
    assertThat(sendGrid.requests()).hasSize(1);
  }

  @Test
  void aLostAnswerIsAmbiguousAndNoConnectionIsTransient() throws Exception {
    sendGrid.answer(aResponse().withFault(Fault.EMPTY_RESPONSE));
    assertThat(send()).isInstanceOf(Ambiguous.class);
    assertThat(sendGrid.requests()).hasSize(1);

    try (Channel channel = sendGrid.account().baseUrl("http://127.0.0.1:1").create()) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Transient.class);
    }
  }

  @Test
  void theReasonTellsTheFieldAndTheWordsButNoAddressAndNoKey() throws Exception {
    sendGrid.refuse(
        400, "personalizations.0.to", "ada@example.com is bad, says " + FakeSendGrid.KEY);

    assertThat(send().reason())
        .isEqualTo("SendGrid answered HTTP 400: personalizations.0.to: *** is bad, says \u2026");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>502</html>", "[]", "{\"errors\":7}", "{\"errors\":[7,null]}"})
  void anAnswerThatIsNotSendGridsOwnIsJudgedByItsStatus(String body) throws Exception {
    sendGrid.answer(aResponse().withStatus(400).withBody(body));

    assertThat(send()).isInstanceOf(Permanent.class);
  }

  // --- Whether it works -------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "200, '{\"scopes\":[\"alerts.read\",\"mail.send\"]}', WORKS,       may send mail",
    "200, '{\"scopes\":[\"alerts.read\"]}',               REFUSED,     Mail Send",
    "200, '<html>',                                       REFUSED,     Mail Send",
    "401, '{\"errors\":[{\"message\":\"denied\"}]}',      REFUSED,     check the API key",
    "403, '',                                             REFUSED,     check the API key",
    "500, '',                                             UNREACHABLE, HTTP 500",
  })
  void verifyingAsksWhatTheKeyMayDo(int status, String body, Verdict verdict, String words)
      throws Exception {
    server.stubFor(get("/v3/scopes").willReturn(aResponse().withStatus(status).withBody(body)));

    try (Channel channel = sendGrid.account().create()) {
      Verification verification = channel.verify();
      assertThat(verification.verdict()).isEqualTo(verdict);
      assertThat(verification.detail()).contains("SendGrid", words);
    }
    assertThat(request().getHeader("Authorization")).isEqualTo("Bearer " + FakeSendGrid.KEY);
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() throws Exception {
    try (Channel channel = sendGrid.account().baseUrl("http://127.0.0.1:1").create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    }
  }

  // --- Settings ---------------------------------------------------------------------------------

  @Test
  void theSenderIsNeeded() {
    assertThatThrownBy(() -> EmailChannel.sendGrid("SG.key").create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("channel 'email' has no sender: call from(");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://api.sendgrid.com", "https://api.sendgrid.com/?a=b", "ftp://a", "", "a b"})
  void theKeyGoesToHttpsOrThisMachineOnly(String url) {
    assertThatThrownBy(() -> EmailChannel.sendGrid("SG.key").baseUrl(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("baseUrl must be an https URL");
  }

  @Test
  void nothingShowsTheKey() {
    SendGridAccount account = EmailChannel.sendGrid("SG.secret").from("a@b.example").europe();

    try (Channel channel = account.create()) {
      assertThat(account).hasToString("SendGridAccount[email]");
      assertThat(channel).hasToString("SendGrid[email]");
    }
    assertThat(account.base()).hasToString("https://api.eu.sendgrid.com/");
    assertThatThrownBy(() -> EmailChannel.sendGrid("SG.secret with space"))
        .hasMessageNotContaining("SG.secret");
  }
}
