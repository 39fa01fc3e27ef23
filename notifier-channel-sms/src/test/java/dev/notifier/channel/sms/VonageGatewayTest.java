package dev.notifier.channel.sms;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.testkit.SettableClock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VonageGatewayTest {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());

  private final FakeVonage vonage = new FakeVonage(server);
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
    vonage.accept();
  }

  private DeliveryResult send(VonageAccount account, DeliveryAttempt attempt) throws Exception {
    try (Channel channel = account.clock(clock).create()) {
      return channel.send(attempt);
    }
  }

  private DeliveryResult send(String text) throws Exception {
    return send(vonage.account(), Attempts.of(text));
  }

  private Map<String, List<String>> form() {
    return FormSchema.parse(body());
  }

  private String body() {
    assertThat(vonage.requests()).hasSize(1);
    return vonage.requests().get(0).getBodyAsString();
  }

  @Test
  void aMessageIsAFormWithNumbersThatHaveNoPlus() throws Exception {
    assertThat(send("Grüße")).isEqualTo(DeliveryResult.accepted(FakeVonage.MESSAGE_ID));

    assertThat(form())
        .containsOnly(
            Map.entry("api_key", List.of(FakeVonage.KEY)),
            Map.entry("api_secret", List.of(FakeVonage.SECRET)),
            Map.entry("from", List.of("14155550122")),
            Map.entry("to", List.of("14155550100")),
            Map.entry("text", List.of("Grüße")),
            Map.entry("type", List.of("text")),
            Map.entry("client-ref", List.of(Attempts.DELIVERY.toString())));
  }

  @Test
  void everythingThatCanBeSetIsInTheSpecificationOfVonage() throws Exception {
    send(
        vonage.account().from("Shop").statusCallback("https://shop.example/dlr"),
        Attempts.of("Привет").expiringAt(clock.instant().plusSeconds(90)));

    FormSchema.ofVonage().validate(body());
    assertThat(form())
        .containsEntry("from", List.of("Shop"))
        .containsEntry("type", List.of("unicode"))
        .containsEntry("ttl", List.of("90000"))
        .containsEntry("callback", List.of("https://shop.example/dlr"));
  }

  @ParameterizedTest
  @CsvSource({"1, 20000", "20, 20000", "86400, 86400000", "31536000, 604800000"})
  void theTimeToLiveStaysWithinWhatVonageTakes(long seconds, String expected) throws Exception {
    send(vonage.account(), Attempts.of("Hi").expiringAt(clock.instant().plusSeconds(seconds)));

    assertThat(form()).containsEntry("ttl", List.of(expected));
  }

  @Test
  void aReferenceThatIsTooLongForVonageIsLeftOut() throws Exception {
    DeliveryId wide = new DeliveryId(Attempts.DELIVERY.notification(), 1000);
    Notification notification = Notification.to("sms:+14155550100").text("Hi").build();

    send(vonage.account(), DeliveryAttempt.of(wide, notification, SmsChannel.ID, 1));

    assertThat(form()).doesNotContainKey("client-ref");
  }

  @Test
  void mediaAreRefusedBecauseVonageCarriesNone() {
    try (Channel channel = vonage.account().create()) {
      DeliveryAttempt attempt =
          Attempts.of(
              Notification.to("sms:+14155550100")
                  .text("Hi")
                  .options(SmsOptions.mediaUrl("https://shop.example/1.png")));

      assertThatThrownBy(() -> channel.check(attempt))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("no media");
    }
  }

  @Test
  void everyStatusIsJudgedAsTheSharedTableSays() throws Exception {
    JsonNode table = SharedFile.json("vonage/status-tables.json").path("send_status");
    assertThat(table.size()).isEqualTo(20);
    for (Map.Entry<String, JsonNode> entry : table.properties()) {
      vonage.answerParts(entry.getKey());

      String kind = TwilioGatewayTest.kindOf(send("Hi"));

      assertThat(kind).as("status " + entry.getKey()).isEqualTo(expected(entry.getValue()));
    }
  }

  private static String expected(JsonNode row) {
    return switch (row.path(1).asText()) {
      case "ok" -> "accepted";
      case "transient", "transient-rate" -> "transient";
      case "permanent-config" -> "configuration";
      case "permanent-recipient-suppress" -> "suppress";
      default -> "permanent";
    };
  }

  @Test
  void everyReceiptCodeSuppressesAsTheSharedTableSays() {
    JsonNode table = SharedFile.json("vonage/status-tables.json").path("dlr_err_code");
    assertThat(table.size()).isPositive();
    for (Map.Entry<String, JsonNode> entry : table.properties()) {
      assertThat(VonageStatuses.suppresses(entry.getKey()))
          .as("code " + entry.getKey())
          .isEqualTo(entry.getValue().path(1).asText().endsWith("suppress"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 0, accepted, accepted by the provider",
    "1 1, transient, Vonage 1",
    "1 33 1, suppress, Vonage 33",
    "1 4, configuration, Vonage 4",
    "0 1 0, ambiguous, 2 of 3 parts were accepted; Vonage 1", // to send again is to send twice
    "0 9, ambiguous, 1 of 2 parts were accepted; Vonage 9",
    "0 6, permanent, 1 of 2 parts were accepted; Vonage 6", // to send again is of no use
    "0 33, suppress, 1 of 2 parts were accepted; Vonage 33",
    "77, permanent, Vonage 77", // unknown
  })
  void partsThatFailDecideTogether(String statuses, String expected, String reason)
      throws Exception {
    vonage.answerParts(statuses.split(" "));

    DeliveryResult result = send("Hi");

    assertThat(TwilioGatewayTest.kindOf(result)).isEqualTo(expected);
    assertThat(result.reason()).startsWith(reason).doesNotContain("14155550100");
  }

  @ParameterizedTest
  @CsvSource({
    "200, <html>Welcome</html>, ambiguous",
    "200, '{\"message-count\":\"0\",\"messages\":[]}', ambiguous",
    "200, '', ambiguous",
    "401, '', configuration",
    "307, '', configuration",
    "429, '', transient",
    "400, '', permanent",
    "500, '{\"messages\":[{\"status\":\"0\"}]}', ambiguous",
    "503, '', ambiguous",
  })
  void anAnswerThatIsNotVonagesIsJudgedByItsHttpStatus(int status, String body, String expected)
      throws Exception {
    vonage.answer(
        aResponse().withStatus(status).withHeader("Location", "/elsewhere").withBody(body));

    assertThat(TwilioGatewayTest.kindOf(send("Hi"))).isEqualTo(expected);
    assertThat(vonage.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "200, '{\"value\":3.14,\"autoReload\":false}', WORKS",
    "200, {}, UNREACHABLE",
    "401, '', REFUSED",
    "500, '', UNREACHABLE",
  })
  void verifyingAsksForTheBalanceWithoutTheSecretInTheUrl(
      int status, String body, Verdict expected) {
    server.stubFor(
        get("/account/get-balance").willReturn(aResponse().withStatus(status).withBody(body)));

    try (Channel channel = vonage.account().create()) {
      assertThat(channel.verify().verdict()).isEqualTo(expected);
    }
    assertThat(vonage.requests().get(0).getUrl()).isEqualTo("/account/get-balance");
    assertThat(vonage.requests().get(0).getHeader("Authorization")).startsWith("Basic ");
  }

  @Test
  void verifyingTellsThatNobodyIsThere() {
    try (Channel channel = vonage.account().baseUrl("http://localhost:1").create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    }
  }
}
