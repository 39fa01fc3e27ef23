package dev.notifier.channel.email;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.http.HttpSender;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.testkit.SettableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SesEventsTest {
  private static final WireMockServer server = new WireMockServer(options().dynamicPort());
  private static final String MESSAGE_ID = "0102018e-1";

  @TempDir static Path folder;

  private final HttpSender sender = HttpSender.builder().build();
  private final SettableClock clock = new SettableClock();
  private FakeSns sns;
  private SesEvents events;

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
    List<SnsTopic> topics = List.of(SnsTopic.parse(FakeSns.TOPIC));
    events = new SesEvents(new SnsInbox(topics, request -> sns.send(sender, request), clock));
  }

  private List<DeliveryUpdate> receive(String published) {
    return events.receive(sns.signed(FakeSns.notification(published, clock.instant())));
  }

  private static String words(DeliveryUpdate update) {
    return update.status() + (update.suppressesRecipient() ? " and suppressed" : "");
  }

  /** What becomes of the events of django-anymail's suite, by the names of its tests. */
  private static final Map<String, List<String>> MEANING =
      Map.of(
          "test_bounce_event", List.of("BOUNCED and suppressed"),
          // Amazon says permanent and no more; the first of three recipients is the delivery's.
          "test_multiple_bounce_event", List.of("BOUNCED"),
          // by the last of three recipients, who had a copy
          "test_complaint_event", List.of(),
          "test_delivery_event", List.of("DELIVERED"),
          "test_send_event", List.of(),
          "test_reject_event", List.of("BOUNCED"),
          "test_open_event", List.of(),
          "test_click_event", List.of(),
          "test_rendering_failure_event", List.of("BOUNCED"));

  @Test
  void recordedEventsOfSesAreUnderstood() {
    JsonNode cases = SharedFile.json("aws/ses/ses-sns-event-fixtures.json").path("cases");
    assertThat(cases).hasSize(MEANING.size());
    for (JsonNode recorded : cases) {
      String test = recorded.path("test").asText().replaceFirst(".*\\.", "");
      JsonNode event = recorded.path("raw_ses_event");

      List<DeliveryUpdate> updates = receive(event + "\n");

      assertThat(updates).as(test).extracting(SesEventsTest::words).isEqualTo(MEANING.get(test));
      assertThat(updates)
          .as(test)
          .allSatisfy(
              update ->
                  assertThat(update.providerMessageId())
                      .hasValue(event.path("mail").path("messageId").asText()));
    }
  }

  // --- Bounces ----------------------------------------------------------------------------------

  private static ObjectNode event(String type) {
    ObjectNode event = Json.object().put("eventType", type);
    event.putObject("mail").put("messageId", MESSAGE_ID).putArray("destination").add("a@b.example");
    return event;
  }

  private static ObjectNode bounce(String type, String subType, String status, String diagnosis) {
    ObjectNode event = event("Bounce");
    event
        .putObject("bounce")
        .put("bounceType", type)
        .put("bounceSubType", subType)
        .putArray("bouncedRecipients")
        .addObject()
        .put("emailAddress", "a@b.example")
        .put("status", status)
        .put("diagnosticCode", diagnosis);
    return event;
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "Permanent,    General,                  5.1.1, -,                            true",
        "Permanent,    NoEmail,                  -,     'smtp; 550 5.1.10 null MX',   true",
        "Permanent,    General,                  5.0.0, 'smtp; 550 5.1.2 no domain',  true",
        "Permanent,    Suppressed,               -,     -,                            true",
        "Permanent,    OnAccountSuppressionList, -,     'Amazon SES did not send it', true",
        "Permanent,    General,                  -,     -,                            false",
        "Permanent,    General,                  5.7.1, 'smtp; 554 5.7.1 blocked',    false",
        "Transient,    General,                  5.1.1, -,                            false",
        "Transient,    MailboxFull,              5.2.2, -,                            false",
        "Transient,    ContentRejected,          5.6.0, -,                            false",
        "Undetermined, Undetermined,             5.1.1, -,                            false",
      })
  void onlyDeadAddressesAreSuppressed(
      String type, String subType, String status, String diagnosis, boolean suppressed) {
    List<DeliveryUpdate> updates = receive(bounce(type, subType, status, diagnosis).toString());

    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).status()).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(updates.get(0).suppressesRecipient()).isEqualTo(suppressed);
  }

  @Test
  void aComplaintSuppressesWhatWasDelivered() {
    ObjectNode event = event("Complaint");
    event
        .putObject("complaint")
        .put("complaintFeedbackType", "abuse")
        .putArray("complainedRecipients")
        .addObject()
        .put("emailAddress", "a@b.example");

    assertThat(receive(event.toString()))
        .singleElement()
        .satisfies(
            update -> {
              assertThat(words(update)).isEqualTo("DELIVERED and suppressed");
              assertThat(update.reason()).isEqualTo("SES says complaint (abuse)");
            });
  }

  @Test
  void theReasonHoldsNoAddress() {
    String diagnosis = "smtp; 550 5.1.1 <a@b.example>... User unknown";

    assertThat(receive(bounce("Permanent", "General", "5.1.1", diagnosis).toString()))
        .extracting(DeliveryUpdate::reason)
        .containsExactly(
            "SES says bounce (Permanent, General): smtp; 550 5.1.1 <***>... User unknown");
  }

  // --- Whom it is about -------------------------------------------------------------------------

  @Test
  void ourTagNamesTheDelivery() {
    ObjectNode event = bounce("Transient", "General", "", "");
    ((ObjectNode) event.path("mail"))
        .putObject("tags")
        .putArray(EventTags.DELIVERY)
        .add(Attempts.DELIVERY.toString());

    assertThat(receive(event.toString()).get(0).delivery()).hasValue(Attempts.DELIVERY);
  }

  @Test
  void ourHeaderNamesTheDeliveryWhereThereAreNoTags() {
    ObjectNode event = bounce("Transient", "General", "", "");
    ((ObjectNode) event.path("mail"))
        .putArray("headers")
        .addObject()
        .put("name", "X-Notifier-Delivery")
        .put("value", Attempts.DELIVERY.toString());

    assertThat(receive(event.toString()).get(0).delivery()).hasValue(Attempts.DELIVERY);
  }

  @Test
  void theTagsOfOtherApplicationsAreNotOurs() {
    ObjectNode event = bounce("Transient", "General", "", "");
    ((ObjectNode) event.path("mail"))
        .putObject("tags")
        .putArray(EventTags.DELIVERY)
        .add("their own idea");

    assertThat(receive(event.toString()).get(0).providerMessageId()).hasValue(MESSAGE_ID);
  }

  @Test
  void whatBecameOfACopyIsNoNewsOfTheDelivery() {
    ObjectNode event = bounce("Permanent", "General", "5.1.1", "");
    ObjectNode mail = (ObjectNode) event.path("mail");
    mail.withArray("destination").add("copy@b.example");
    String byOrder = event.toString();
    mail.putObject("tags").putArray(EventTags.RECIPIENT).add("0".repeat(32));
    String byTag = event.toString();

    assertThat(receive(byOrder)).hasSize(1);
    assertThat(receive(byOrder.replace("\"emailAddress\":\"a@", "\"emailAddress\":\"copy@")))
        .isEmpty();
    assertThat(receive(byTag)).isEmpty();
  }

  @Test
  void theTagsOfAMessageWithCopiesTellItsRecipientFromThem() {
    EmailMessage message =
        EmailMessage.of(
            Attempts.of(
                Notification.to("email:Ada@käse.example")
                    .text("Hello")
                    .options(EmailOptions.create().bcc("bob@example.com"))),
            Accounts.SETTINGS);
    ObjectNode event = bounce("Permanent", "General", "5.1.1", "");
    ObjectNode tags = ((ObjectNode) event.path("mail")).putObject("tags");
    EventTags.of(message).forEach((name, value) -> tags.putArray(name).add(value));
    String template = event.toString();

    assertThat(
            receive(
                template.replace(
                    "\"emailAddress\":\"a@b.example", "\"emailAddress\":\"bob@example.com")))
        .isEmpty();
    assertThat(
            receive(
                template.replace(
                    "\"emailAddress\":\"a@b.example",
                    "\"emailAddress\":\"ada@xn--kse-qla.example")))
        .singleElement()
        .satisfies(update -> assertThat(update.delivery()).hasValue(message.delivery()));
  }

  // --- Odd input --------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        "[]",
        "{}",
        "null",
        "{\"eventType\":\"Bounce\"}",
        "{\"eventType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":[7,null,{}]}}",
        "{\"eventType\":\"Delivery\",\"delivery\":{\"recipients\":\"a@b.example\"}}",
        "{\"eventType\":\"DeliveryDelay\",\"mail\":{\"messageId\":\"1\"}}",
        "{\"eventType\":{\"a\":1},\"mail\":{\"messageId\":\"1\"}}",
      })
  void whatSaysNothingOfADeliveryIsNoNews(String published) {
    assertThat(receive(published)).isEmpty();
  }
}
