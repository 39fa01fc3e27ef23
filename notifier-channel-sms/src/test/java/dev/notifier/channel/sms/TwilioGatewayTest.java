package dev.notifier.channel.sms;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Notification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwilioGatewayTest {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  private final FakeTwilio twilio = new FakeTwilio(server);
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
    twilio.accept();
  }

  private DeliveryResult send(TwilioAccount account, DeliveryAttempt attempt) throws Exception {
    try (Channel channel = account.clock(clock).create()) {
      return channel.send(attempt);
    }
  }

  private DeliveryResult send() throws Exception {
    return send(twilio.account(), Attempts.of("Grüße aus Köln & anderswo"));
  }

  private Map<String, List<String>> form() {
    return FormSchema.parse(request().getBodyAsString());
  }

  private LoggedRequest request() {
    assertThat(twilio.requests()).hasSize(1);
    return twilio.requests().get(0);
  }

  @Test
  void aMessageIsAFormWithBasicAuthentication() throws Exception {
    DeliveryResult result = send();

    assertThat(result).isEqualTo(DeliveryResult.accepted(FakeTwilio.SID));
    assertThat(form())
        .containsOnly(
            Map.entry("To", List.of("+14155550100")),
            Map.entry("From", List.of("+14155550111")),
            Map.entry("Body", List.of("Grüße aus Köln & anderswo")));
    assertThat(request().getHeader("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
    assertThat(request().getHeader("Authorization"))
        .isEqualTo(basic(FakeTwilio.ACCOUNT + ":" + FakeTwilio.TOKEN));
    assertThat(request().getHeader("User-Agent")).startsWith("notifier/");
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everythingThatCanBeSetIsInTheSpecificationOfTwilio() throws Exception {
    TwilioAccount account =
        twilio
            .account()
            .messagingService("MG0123456789abcdef0123456789abcdef")
            .statusCallback("https://shop.example/sms/status?tenant=7");
    Notification.Builder notification =
        Notification.to("sms:+14155550100")
            .text("Two pictures")
            .options(
                SmsOptions.mediaUrl("https://shop.example/1.png")
                    .andMediaUrl("https://shop.example/2.png?size=[l]"));

    send(account, Attempts.of(notification).expiringAt(inSeconds(90)));

    FormSchema.ofTwilio().validate(request().getBodyAsString());
    assertThat(form())
        .containsEntry(
            "MediaUrl",
            List.of("https://shop.example/1.png", "https://shop.example/2.png?size=[l]"))
        .containsEntry("ValidityPeriod", List.of("90"))
        .containsEntry("MessagingServiceSid", List.of("MG0123456789abcdef0123456789abcdef"))
        .containsEntry("From", List.of("+14155550111"))
        .containsEntry("StatusCallback", List.of("https://shop.example/sms/status?tenant=7"));
  }

  private Instant inSeconds(long seconds) {
    return clock.instant().plusSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "36000, 36000", "432000, 36000"})
  void theValidityStaysWithinWhatTwilioTakes(long seconds, String expected) throws Exception {
    send(twilio.account(), Attempts.of("Hi").expiringAt(inSeconds(seconds)));

    assertThat(form()).containsEntry("ValidityPeriod", List.of(expected));
  }

  @Test
  void aMessagingServiceAloneChoosesTheSender() throws Exception {
    TwilioAccount account =
        SmsChannel.twilio(FakeTwilio.ACCOUNT, FakeTwilio.TOKEN)
            .messagingService("MG0123456789abcdef0123456789abcdef")
            .baseUrl(server.baseUrl());

    send(account, Attempts.of("Hi"));

    assertThat(form()).containsKey("MessagingServiceSid").doesNotContainKey("From");
  }

  @Test
  void theSenderOfANotificationWins() throws Exception {
    Notification.Builder notification =
        Notification.to("sms:+14155550100").text("Hi").options(SmsOptions.from("Shop"));

    send(
        twilio.account().messagingService("MG0123456789abcdef0123456789abcdef"),
        Attempts.of(notification));

    assertThat(form())
        .containsEntry("From", List.of("Shop"))
        .doesNotContainKey("MessagingServiceSid");
  }

  @Test
  void anApiKeyReplacesTheTokenForSending() throws Exception {
    send(
        twilio.account().apiKey("SK0123456789abcdef0123456789abcdef", "key-secret"),
        Attempts.of("Hi"));

    assertThat(request().getHeader("Authorization"))
        .isEqualTo(basic("SK0123456789abcdef0123456789abcdef:key-secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "400, 21610, suppress", // STOP
    "400, 21614, suppress",
    "400, 30005, suppress",
    "400, 30006, suppress",
    "400, 21211, permanent",
    "400, 21612, permanent",
    "400, 21617, permanent",
    "400, 30007, permanent",
    "401, 20003, configuration",
    "400, 21606, configuration",
    "400, 21608, configuration",
    "400, 21408, configuration",
    "400, 21705, configuration",
    "404, 20404, configuration",
    "400, 30034, configuration",
    "429, 20429, transient",
    "400, 21611, transient",
    "400, 30003, transient",
    "400, 63018, transient",
    "500, 20500, ambiguous",
    "503, 20503, ambiguous",
    "400, 99999, permanent", // unknown codes by their HTTP class
    "403, 99999, configuration",
    "429, 99999, transient",
    "502, 99999, ambiguous",
  })
  void aCodeIsJudgedByItsTableAndThenByTheHttpStatus(int status, int code, String expected)
      throws Exception {
    twilio.refuse(status, code, "Words of Twilio");

    DeliveryResult result = send();

    assertThat(kindOf(result)).isEqualTo(expected);
    assertThat(result.reason()).isEqualTo("Twilio " + code + ": Words of Twilio");
  }

  static String kindOf(DeliveryResult result) {
    if (result instanceof Permanent failure) {
      if (failure.suppressRecipient()) {
        return "suppress";
      }
      return failure.configurationFault() ? "configuration" : "permanent";
    }
    return result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @ParameterizedTest
  @CsvSource({
    "200, <html>Welcome</html>, ambiguous", // somebody's proxy
    "202, '', ambiguous",
    "302, '', configuration",
    "401, '', configuration",
    "404, <html>, configuration",
    "400, '', permanent",
    "408, '', transient",
    "429, slow down, transient",
    "500, oops, ambiguous",
    "504, <html>, ambiguous",
    "400, '{\"code\":\"21610\"}', permanent", // no code that Twilio writes
  })
  void anAnswerThatIsNotTwiliosIsJudgedByItsHttpStatus(int status, String body, String expected)
      throws Exception {
    twilio.answer(
        aResponse().withStatus(status).withHeader("Location", "/elsewhere").withBody(body));

    assertThat(kindOf(send())).isEqualTo(expected);
    assertThat(twilio.requests()).as("nothing is followed or repeated").hasSize(1);
  }

  @Test
  void createdIsAcceptedEvenIfTheBodyCannotBeRead() throws Exception {
    twilio.answer(201, "{\"sid\":\"SM0123");

    assertThat(send()).isEqualTo(DeliveryResult.accepted());
  }

  @Test
  void createdAsFailedIsNotAccepted() throws Exception {
    twilio.answer(201, "{\"sid\":\"SM1\",\"status\":\"failed\",\"error_code\":21610}");
    assertThat(kindOf(send())).isEqualTo("suppress");

    server.resetRequests();
    twilio.answer(201, "{\"sid\":\"SM1\",\"status\":\"undelivered\",\"error_code\":null}");
    assertThat(kindOf(send())).isEqualTo("permanent");
  }

  @Test
  void aDailyLimitWaitsForTheNextDayOfTheCarriers() throws Exception {
    clock.set(Instant.parse("2025-01-01T12:00:00Z"));
    twilio.refuse(429, 63038, "Account exceeded the daily messages limit");

    assertThat(send())
        .isInstanceOfSatisfying(
            Transient.class,
            failure -> assertThat(failure.retryAfter()).contains(Duration.ofHours(20)));
  }

  @Test
  void a503ThatInvitesToRepeatAtOnceIsNotRepeatedWithinTheAttempt() throws Exception {
    twilio.answer(aResponse().withStatus(503).withHeader("Retry-After", "0"));

    assertThat(send()).isInstanceOf(Ambiguous.class);
    assertThat(twilio.requests()).hasSize(1);
  }

  @Test
  void aLostAnswerIsAmbiguousAndAConnectionThatWasNeverMadeIsTransient() throws Exception {
    twilio.answer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
    assertThat(send()).isInstanceOf(Ambiguous.class);

    TwilioAccount nobody = twilio.account().baseUrl("http://localhost:1");
    assertThat(send(nobody, Attempts.of("Hi"))).isInstanceOf(Transient.class);
  }

  @Test
  void theReasonShowsNeitherTheNumberNorASecret() throws Exception {
    twilio.refuse(
        400, 21211, "To +14155550100 or 14155550100 by " + FakeTwilio.TOKEN + " is not valid");

    assertThat(send().reason())
        .doesNotContain("14155550100")
        .doesNotContain(FakeTwilio.TOKEN)
        .contains("is not valid");
  }

  @ParameterizedTest
  @CsvSource({
    "200, '{\"status\":\"active\"}', WORKS",
    "200, '{\"status\":\"suspended\"}', REFUSED",
    "200, <html>, UNREACHABLE",
    "401, '', REFUSED",
    "404, '', REFUSED",
    "500, '', UNREACHABLE",
    "429, '', UNREACHABLE",
  })
  void verifyingFetchesTheAccountAndSendsNothing(int status, String body, Verdict expected) {
    server.stubFor(
        get("/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT + ".json")
            .willReturn(aResponse().withStatus(status).withBody(body)));

    try (Channel channel = twilio.account().create()) {
      assertThat(channel.verify().verdict()).isEqualTo(expected);
    }
    assertThat(request().getMethod().getName()).isEqualTo("GET");
  }

  @Test
  void verifyingTellsThatNobodyIsThere() {
    try (Channel channel = twilio.account().baseUrl("http://localhost:1").create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    }
  }

  @Test
  void acceptanceCarriesTheSidOfTwilio() throws Exception {
    assertThat(send())
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.providerMessageId()).contains(FakeTwilio.SID));
  }
}
