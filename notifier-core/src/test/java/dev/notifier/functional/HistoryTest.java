package dev.notifier.functional;

import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Attachment;
import dev.notifier.Content;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryExport;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Receipt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator does with what was settled: forget it, and take it along. */
@ExtendWith(QuietLog.class)
class HistoryTest {
  private static final HistoryExport EVERYTHING = HistoryExport.of(HistoryQuery.builder().build());

  private final Stage stage = Stage.open();

  private NotificationId settled(Notification.Builder notification) {
    NotificationId id = stage.send(notification).id();
    stage.run();
    return id;
  }

  // --- Purge ------------------------------------------------------------------------------------

  @Test
  void whatIsOldEnoughAndInOneOfTheStatesGoes() {
    NotificationId sent = settled(byEmail("sent"));
    stage.advance(Duration.ofHours(3).minusMillis(1));
    assertThat(stage.notifier.history().purge(Duration.ofHours(3))).isZero();
    NotificationId young = settled(byEmail("young"));

    stage.advance(Duration.ofMillis(1));

    assertThat(stage.notifier.history().purge(Duration.ofHours(3), DeliveryStatus.EXPIRED))
        .isZero();
    assertThat(stage.notifier.history().purge(Duration.ofHours(3))).isEqualTo(1);
    assertThat(stage.notifier.find(sent)).isEmpty();
    assertThat(stage.notifier.find(young)).isPresent();
  }

  @Test
  void statesAreToldApart() {
    NotificationId sent = settled(byEmail("sent"));
    stage.email.then(REFUSED);
    NotificationId failed = settled(byEmail("failed"));
    NotificationId waiting = stage.send(byEmail("waiting")).id();

    assertThat(stage.notifier.history().purge(Duration.ZERO, DeliveryStatus.FAILED)).isEqualTo(1);
    assertThat(stage.notifier.find(failed)).isEmpty();
    assertThat(stage.notifier.find(sent)).isPresent();
    assertThat(stage.notifier.history().purge(Duration.ZERO)).isEqualTo(1);
    assertThat(stage.notifier.find(sent)).isEmpty();
    stage.run();
    assertThat(stage.notifier.find(waiting).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void anAgeBeyondAllTimesForgetsNothing() {
    NotificationId sent = settled(byEmail("sent"));

    assertThat(stage.notifier.history().purge(Duration.ofSeconds(Long.MAX_VALUE))).isZero();
    assertThat(stage.notifier.find(sent)).isPresent();
  }

  @ParameterizedTest
  @EnumSource(
      value = DeliveryStatus.class,
      names = {"SCHEDULED", "QUEUED", "SENDING"})
  void whatWaitsCannotBePurged(DeliveryStatus status) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.history().purge(Duration.ZERO, status))
        .withMessageContaining(status.name())
        .withMessageContaining("cancel");
  }

  @Test
  void aNegativeAgeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.history().purge(Duration.ofDays(-1)))
        .withMessageContaining("PT-24H");
  }

  // --- Export -----------------------------------------------------------------------------------

  private List<String> lines(HistoryExport export) {
    List<String> lines = new ArrayList<>();
    assertThat(stage.notifier.history().export(export, lines::add)).isEqualTo(lines.size());
    return lines;
  }

  @Test
  void aLineHasTheFieldsThatTheGuideNames() {
    stage.email.then(REFUSED);
    stage.sms.then(DeliveryResult.accepted("SM\"1"));
    Receipt receipt =
        stage.send(
            Stage.byEmailOrSms("hello").correlationId("order-1").idempotencyKey("order-1-sent"));
    stage.run();

    assertThat(lines(EVERYTHING))
        .containsExactly(
            ("{'id':'%1$s','acceptedAt':'%2$s','status':'SENT',"
                    + "'reason':'accepted by the provider',"
                    + "'recipient':{'name':'ada','addresses':{'email':'a***@example.com',"
                    + "'sms':'%3$s','pager':'%4$s'}},"
                    + "'route':[['email','sms']],'priority':'NORMAL',"
                    + "'correlationId':'order-1','idempotencyKey':'order-1-sent',"
                    + "'deliveries':[{'id':'%1$s-0','channel':'sms','status':'SENT',"
                    + "'reason':'accepted by the provider','attempts':["
                    + "{'channel':'email','number':1,'startedAt':'%2$s','latencyMillis':0,"
                    + "'result':'PERMANENT','reason':'550 no','nextAttempt':'%2$s'},"
                    + "{'channel':'sms','number':1,'startedAt':'%2$s','latencyMillis':0,"
                    + "'result':'ACCEPTED','reason':'accepted by the provider',"
                    + "'providerMessageId':'SM~1'}]}]}")
                .formatted(
                    receipt.id(),
                    StandingClock.START,
                    Stage.ada().addresses().get(1).masked(),
                    Stage.ada().addresses().get(2).masked())
                .replace('\'', '"')
                .replace("~", "\\\""));
  }

  @Test
  void addressesAndContentsComeOnlyIfAskedFor() {
    settled(
        byEmail("the text")
            .subject("the subject")
            .contentFor("email", Content.text("for email"))
            .data(Map.of("amount", new BigDecimal("12.50"), "list", List.of(true, "x")))
            .attach(Attachment.of("bill.pdf", "application/pdf", new byte[3])));

    assertThat(lines(EVERYTHING).get(0))
        .doesNotContain("ada.lovelace@example.com", "the text", "the subject", "12.50", "bill");
    assertThat(lines(EVERYTHING.withFullAddresses()).get(0))
        .contains("\"email\":\"ada.lovelace@example.com\"")
        .doesNotContain("the text", "12.50");
    assertThat(lines(EVERYTHING.withContents()).get(0))
        .doesNotContain("ada.lovelace@example.com")
        .contains("\"content\":{\"subject\":\"the subject\",\"text\":\"the text\"}")
        .contains("\"contentByChannel\":{\"email\":{\"text\":\"for email\"}}")
        .contains("\"amount\":12.50")
        .contains("\"list\":[true,\"x\"]")
        .contains(
            "\"attachments\":[{\"name\":\"bill.pdf\",\"contentType\":\"application/pdf\",\"bytes\":3}]");
  }

  @Test
  void oddTextStaysOneLineOfValidUtf8() throws IOException {
    String odd = "a\r\nb\t\u0000\u0085\u2028\u2029 \"\\ äß漢😀 \ud83d lonely \ude00!";
    settled(byEmail("hello").data(Map.of("odd", odd)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    assertThat(stage.notifier.history().export(EVERYTHING.withContents(), out)).isEqualTo(1);

    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1);
    assertThat(text)
        .endsWith("}\n")
        .contains(
            "a\\u000d\\u000ab\\u0009\\u0000\\u0085\\u2028\\u2029 \\\"\\\\ äß漢😀 \\ud83d lonely"
                + " \\ude00!");
  }

  @Test
  void everyPageIsExportedAndTheReplayNamesTheFirst() throws IOException {
    stage.email.then(REFUSED);
    NotificationId failed = settled(byEmail("failed"));
    for (int i = 0; i < 6; i++) {
      settled(byEmail("sent"));
    }
    stage.notifier.deadLetters().replay(failed);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    HistoryExport export = HistoryExport.of(HistoryQuery.builder().pageSize(3).build());

    assertThat(stage.notifier.history().export(export, out)).isEqualTo(8);

    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines).hasSize(8);
    assertThat(lines.get(0)).contains("\"replayOf\":\"" + failed + "\"", "\"status\":\"QUEUED\"");
    assertThat(lines.get(7)).contains(failed.toString());
  }

  @Test
  void whatTheStreamThrowsIsThrown() {
    settled(byEmail("sent"));
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };

    assertThatThrownBy(() -> stage.notifier.history().export(EVERYTHING, full))
        .isInstanceOf(IOException.class)
        .hasMessage("no space left");
  }
}
