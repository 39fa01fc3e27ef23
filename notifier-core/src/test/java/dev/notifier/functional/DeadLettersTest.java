package dev.notifier.functional;

import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static dev.notifier.functional.Stage.toAda;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.DeadLetter;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.NotifierClosedException;
import dev.notifier.OverflowPolicy;
import dev.notifier.Page;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.ReplayReport;
import dev.notifier.ReplayReport.Refusal;
import dev.notifier.ResendException;
import dev.notifier.Template;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator does with what failed: look, send again, forget. */
@ExtendWith(QuietLog.class)
class DeadLettersTest {
  private static final HistoryQuery ALL = HistoryQuery.builder().build();
  private static final NotificationId UNKNOWN = new NotificationId(new UUID(1, 2));

  private final Stage stage = Stage.open();

  private NotificationId failed(Notification.Builder notification) {
    stage.email.then(REFUSED);
    return settled(notification);
  }

  private NotificationId settled(Notification.Builder notification) {
    NotificationId id = stage.send(notification).id();
    stage.run();
    return id;
  }

  private DeadLetter deadLetter(NotificationId id) {
    return stage.notifier.deadLetters().find(id).orElseThrow();
  }

  private NotificationReport report(NotificationId id) {
    return stage.notifier.find(id).orElseThrow();
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Test
  void theListIsPagedNewestFirstAndHoldsStillMeanwhile() {
    List<NotificationId> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, failed(byEmail("no " + i)));
      settled(byEmail("yes " + i));
    }
    HistoryQuery query = HistoryQuery.builder().pageSize(2).build();

    Page<DeadLetter> page = stage.notifier.deadLetters().list(query);
    List<NotificationId> seen = new ArrayList<>();
    while (true) {
      page.items().forEach(deadLetter -> seen.add(deadLetter.id()));
      failed(byEmail("newer"));
      if (page.next().isEmpty()) {
        break;
      }
      assertThat(page.items()).hasSize(2);
      page = stage.notifier.deadLetters().list(query.after(page.next().get()));
    }

    assertThat(seen).containsExactlyElementsOf(ids);
  }

  @Test
  void theListFollowsTheConditions() {
    NotificationId first = failed(byEmail("one").correlationId("order-1"));
    failed(byEmail("two").correlationId("order-2"));
    stage.email.then(REFUSED);
    stage.sms.then(REFUSED);
    NotificationId bySms = settled(byEmailOrSms("three"));

    assertThat(list(HistoryQuery.builder().correlationId("order-1"))).containsExactly(first);
    assertThat(list(HistoryQuery.builder().channel("sms"))).containsExactly(bySms);
    assertThat(list(HistoryQuery.builder().recipientNamed("bob"))).isEmpty();
    assertThat(list(HistoryQuery.builder().status(DeliveryStatus.FAILED))).hasSize(3);
  }

  private List<NotificationId> list(HistoryQuery.Builder query) {
    return stage.notifier.deadLetters().list(query.build()).items().stream()
        .map(DeadLetter::id)
        .toList();
  }

  @Test
  void aListOfSomethingElseIsRefused() {
    HistoryQuery sent =
        HistoryQuery.builder().status(DeliveryStatus.SENT, DeliveryStatus.FAILED).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.deadLetters().list(sent))
        .withMessageContaining("FAILED")
        .withMessageContaining("SENT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.deadLetters().replayAll(sent));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ALL.after("no cursor"))
        .withMessageContaining("Page.next()");
  }

  @Test
  void aDeadLetterTellsEveryAttemptWithItsReason() {
    stage.email.then(Stage.BUSY, Stage.BUSY, Stage.BUSY);
    stage.sms.then(REFUSED);
    NotificationId id = stage.send(byEmailOrSms("hello")).id();
    stage.runToTheEnd();

    DeadLetter deadLetter = deadLetter(id);

    assertThat(deadLetter.replayedAs()).isEmpty();
    assertThat(deadLetter.failures())
        .singleElement()
        .satisfies(
            delivery ->
                assertThat(delivery.attempts())
                    .extracting(attempt -> attempt.channel() + " " + attempt.result().reason())
                    .containsExactly(
                        "email 451 busy", "email 451 busy", "email 451 busy", "sms 550 no"));
  }

  @Test
  void onlyAFailureIsADeadLetter() {
    NotificationId sent = settled(byEmail("hello"));

    assertThat(stage.notifier.deadLetters().find(sent)).isEmpty();
    assertThat(stage.notifier.deadLetters().find(UNKNOWN)).isEmpty();
  }

  // --- Replay -----------------------------------------------------------------------------------

  @Test
  void aReplayIsANotificationOfItsOwnWithALinkToTheFirst() {
    NotificationId first =
        failed(byEmail("hello").priority(Priority.LOW).idempotencyKey("order-1"));

    Receipt receipt = stage.notifier.deadLetters().replay(first);
    stage.run();

    assertThat(receipt.isDuplicate()).isFalse();
    assertThat(receipt.id()).isNotEqualTo(first);
    NotificationReport replay = report(receipt.id());
    assertThat(replay.status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(replay.replayOf()).hasValue(first);
    assertThat(replay.notification().priority()).isEqualTo(Priority.LOW);
    assertThat(replay.notification().idempotencyKey()).isNotEqualTo(Optional.of("order-1"));
    assertThat(replay.notification().correlationId()).hasValue(first.toString());
    assertThat(deadLetter(first).replayedAs()).hasValue(receipt.id());
    assertThat(report(first).status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.email.texts()).containsExactly("hello", "hello");
  }

  @Test
  void theCorrelationIdStaysIfThereIsOne() {
    NotificationId first = failed(byEmail("hello").correlationId("order-1"));

    Receipt receipt = stage.notifier.deadLetters().replay(first);

    assertThat(report(receipt.id()).notification().correlationId()).hasValue("order-1");
  }

  @Test
  void aSecondReplayIsTheFirstOne() {
    NotificationId first = failed(byEmail("hello"));
    Receipt replay = stage.notifier.deadLetters().replay(first);
    stage.run();

    Receipt second = stage.notifier.deadLetters().replay(first);
    stage.run();

    assertThat(second.isDuplicate()).isTrue();
    assertThat(second.id()).isEqualTo(replay.id());
    assertThat(stage.email.texts()).hasSize(2);
  }

  @Test
  void aReplayThatFailsIsADeadLetterToReplay() {
    NotificationId first = failed(byEmail("hello"));
    stage.email.then(REFUSED);
    NotificationId second = stage.notifier.deadLetters().replay(first).id();
    stage.run();

    NotificationId third = stage.notifier.deadLetters().replay(second).id();
    stage.run();

    assertThat(report(third).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(report(third).replayOf()).hasValue(second);
    assertThat(report(third).notification().correlationId()).hasValue(first.toString());
  }

  @Test
  void onlyWhatFailedOfAFanOutGoesAgain() {
    stage.email.then(REFUSED);
    NotificationId first = settled(toAda("hello").viaAll("pager", "email", "sms"));

    NotificationId replay = stage.notifier.deadLetters().replay(first).id();
    stage.run();

    assertThat(stage.pager.texts()).hasSize(1);
    assertThat(stage.sms.texts()).hasSize(1);
    assertThat(stage.email.texts()).hasSize(2);
    assertThat(report(replay).deliveries())
        .singleElement()
        .satisfies(delivery -> assertThat(delivery.channel()).isEqualTo(ChannelId.of("email")));
  }

  @Test
  void aReplayStartsAtTheBeginningOfItsLeg() {
    stage.email.then(REFUSED);
    stage.sms.then(REFUSED);
    NotificationId first = settled(byEmailOrSms("hello"));

    stage.notifier.deadLetters().replay(first);
    stage.run();

    assertThat(stage.email.texts()).hasSize(2);
    assertThat(stage.sms.texts()).hasSize(1);
  }

  @Test
  void aLifeThatHasEndedBeginsAnew() {
    NotificationId first =
        failed(
            byEmail("hello")
                .sendAt(StandingClock.START.plusSeconds(10))
                .expiresAfter(Duration.ofMinutes(1)));
    stage.advance(Duration.ofSeconds(10));
    assertThat(report(first).status()).isEqualTo(DeliveryStatus.FAILED);
    stage.advance(Duration.ofHours(1));

    NotificationId replay = stage.notifier.deadLetters().replay(first).id();
    stage.run();

    assertThat(report(replay).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(report(replay).notification().sendAt()).isEmpty();
    assertThat(report(replay).notification().expiresAfter()).hasValue(Duration.ofMinutes(1));
  }

  @Test
  void whatATemplateMadeStaysAsItWas() {
    stage.notifier.templates().save(hello("Hello {{name}}"));
    NotificationId first =
        failed(Notification.to(Stage.ada()).via("email").template("hello", Map.of("name", "Ada")));
    stage.notifier.templates().save(hello("Good-bye {{name}}"));

    stage.notifier.deadLetters().replay(first);
    stage.run();

    assertThat(stage.email.texts()).containsExactly("Hello Ada", "Hello Ada");
  }

  private static Template hello(String text) {
    return Template.named("hello").requires("name").email("Subject", text).build();
  }

  @Test
  void whatIsNotADeadLetterIsNotReplayed() {
    NotificationId sent = settled(byEmail("hello"));
    NotificationId waiting = stage.send(byEmail("hello")).id();

    assertThatThrownBy(() -> stage.notifier.deadLetters().replay(waiting))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining("wait until all of the notification is settled");
    assertThatThrownBy(() -> stage.notifier.deadLetters().replay(sent))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining(sent + " is SENT")
        .hasMessageContaining("resend");
    assertThatThrownBy(() -> stage.notifier.deadLetters().replay(UNKNOWN))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining("no notification " + UNKNOWN);
  }

  @Test
  void aFanOutOfWhichALegWaitsIsNotReplayedYet() {
    stage.email.then(REFUSED);
    stage.sms.then(Stage.BUSY);
    NotificationId id = settled(toAda("hello").viaAll("email", "sms"));

    assertThatThrownBy(() -> stage.notifier.deadLetters().replay(id))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining(id + "-1 is QUEUED");

    stage.runToTheEnd();
    stage.notifier.deadLetters().replay(id);
    stage.run();
    assertThat(stage.email.texts()).hasSize(2);
    assertThat(stage.sms.texts()).hasSize(2); // the retry, and no replay
  }

  @Test
  void afterTheEndNothingIsReplayed() {
    NotificationId id = failed(byEmail("hello"));
    stage.notifier.close();

    assertThatThrownBy(() -> stage.notifier.deadLetters().replay(id))
        .isInstanceOf(NotifierClosedException.class);
    assertThat(deadLetter(id).replayedAs()).isEmpty();
  }

  @Test
  void aFullLaneLeavesTheDeadLetterToReplay() {
    Stage small = Stage.withEmail(policy -> policy.capacity(1).overflow(OverflowPolicy.reject()));
    small.email.then(REFUSED);
    NotificationId id = small.send(byEmail("hello")).id();
    small.run();
    small.send(byEmail("in the way"));

    assertThatThrownBy(() -> small.notifier.deadLetters().replayAll(ALL))
        .isInstanceOf(dev.notifier.LaneFullException.class);

    small.run();
    assertThat(small.notifier.deadLetters().replayAll(ALL).replayed()).isEqualTo(1);
    assertThat(small.notifier.deadLetters().find(id).orElseThrow().replayedAs()).isPresent();
  }

  // --- Replay of many ---------------------------------------------------------------------------

  @Test
  void allAreReplayedOnceFromPageToPage() {
    for (int i = 0; i < 7; i++) {
      failed(byEmail("no " + i));
    }
    NotificationId before = failed(byEmail("before"));
    stage.notifier.deadLetters().replay(before);
    HistoryQuery query = HistoryQuery.builder().pageSize(3).build();

    ReplayReport report = stage.notifier.deadLetters().replayAll(query);
    stage.run();

    assertThat(report).isEqualTo(new ReplayReport(7, 1, 0, List.of()));
    assertThat(stage.email.texts()).hasSize(16);
    assertThat(stage.notifier.deadLetters().replayAll(query))
        .isEqualTo(new ReplayReport(0, 8, 0, List.of()));
  }

  @Test
  void whatIsChosenIsReplayedAndARefusalStopsNoOther() {
    NotificationId chosen = failed(byEmail("chosen"));
    stage.email.then(dev.notifier.DeliveryResult.permanentFailure("554 spam"));
    settled(byEmail("not chosen"));
    stage.email.then(REFUSED);
    stage.sms.then(Stage.BUSY);
    NotificationId half = settled(toAda("half").viaAll("email", "sms"));

    ReplayReport report =
        stage
            .notifier
            .deadLetters()
            .replayAll(ALL, deadLetter -> deadLetter.failures().get(0).reason().contains("550"));

    assertThat(report.replayed()).isEqualTo(1);
    assertThat(report.refused()).isEqualTo(1);
    assertThat(report.refusals()).extracting(Refusal::id).containsExactly(half);
    assertThat(report.refusals().get(0).reason()).contains("QUEUED");
    assertThat(deadLetter(chosen).replayedAs()).isPresent();
  }

  @Test
  void anInterruptEndsItEarly() {
    failed(byEmail("hello"));
    Thread.currentThread().interrupt();
    ReplayReport report = stage.notifier.deadLetters().replayAll(ALL);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.replayed()).isZero();
  }

  // --- Resend -----------------------------------------------------------------------------------

  @Test
  void whatWasSentIsSentAgainEachTime() {
    NotificationId first = settled(byEmail("hello").idempotencyKey("order-1"));

    Receipt second = stage.notifier.resend(first);
    Receipt third = stage.notifier.resend(first);
    stage.run();

    assertThat(stage.email.texts()).containsExactly("hello", "hello", "hello");
    assertThat(List.of(second.isDuplicate(), third.isDuplicate())).containsOnly(false);
    assertThat(report(third.id()).replayOf()).hasValue(first);
    assertThat(report(third.id()).notification().idempotencyKey()).isEmpty();
    assertThat(stage.send(byEmail("hello").idempotencyKey("order-1")).id()).isEqualTo(first);
  }

  @Test
  void theWholeFanOutIsResent() {
    stage.email.then(REFUSED);
    NotificationId first = settled(toAda("hello").viaAll("email", "sms"));

    NotificationId second = stage.notifier.resend(first).id();
    stage.run();

    assertThat(report(second).deliveries()).hasSize(2);
    assertThat(stage.email.texts()).hasSize(2);
    assertThat(stage.sms.texts()).hasSize(2);
  }

  @Test
  void aDeadLetterThatWasResentCountsAsReplayed() {
    NotificationId first = failed(byEmail("hello"));

    NotificationId second = stage.notifier.resend(first).id();
    NotificationId third = stage.notifier.resend(first).id();

    assertThat(third).isNotEqualTo(second);
    assertThat(deadLetter(first).replayedAs()).hasValue(second);
    assertThat(stage.notifier.deadLetters().replayAll(ALL).replayed()).isZero();
  }

  @Test
  void whatWaitsOrIsUnknownIsNotResent() {
    NotificationId waiting = stage.send(byEmail("hello")).id();

    assertThatThrownBy(() -> stage.notifier.resend(waiting))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining(waiting + "-0 is QUEUED")
        .hasMessageContaining("cancel");
    assertThatThrownBy(() -> stage.notifier.resend(UNKNOWN))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining(UNKNOWN.toString());
    stage.notifier.cancel(waiting);
    assertThat(stage.notifier.resend(waiting).isDuplicate()).isFalse();
  }

  // --- Purge ------------------------------------------------------------------------------------

  @Test
  void aPurgedDeadLetterIsGone() {
    NotificationId id = failed(byEmail("hello"));
    NotificationId other = failed(byEmail("other"));

    assertThat(stage.notifier.deadLetters().purge(id)).isTrue();
    assertThat(stage.notifier.deadLetters().purge(id)).isFalse();

    assertThat(stage.notifier.find(id)).isEmpty();
    assertThat(list(HistoryQuery.builder())).containsExactly(other);
    assertThat(stage.notifier.deadLetters().newest(10)).hasSize(1);
    assertThatThrownBy(() -> stage.notifier.deadLetters().replay(id))
        .isInstanceOf(ResendException.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = DeliveryStatus.class,
      names = {"SENT", "QUEUED"})
  void nothingButADeadLetterIsPurgedByItsId(DeliveryStatus status) {
    NotificationId id = stage.send(byEmail("hello")).id();
    if (status == DeliveryStatus.SENT) {
      stage.run();
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.deadLetters().purge(id))
        .withMessageContaining(id + " is " + status);
  }

  @Test
  void oldDeadLettersArePurgedByAge() {
    failed(byEmail("old"));
    NotificationId sent = settled(byEmail("old and sent"));
    stage.advance(Duration.ofHours(2));
    NotificationId young = failed(byEmail("young"));

    assertThat(stage.notifier.deadLetters().purgeOlderThan(Duration.ofHours(2))).isEqualTo(1);

    assertThat(list(HistoryQuery.builder())).containsExactly(young);
    assertThat(report(sent).status()).isEqualTo(DeliveryStatus.SENT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stage.notifier.deadLetters().purgeOlderThan(Duration.ofSeconds(-1)))
        .withMessageContaining("negative");
  }
}
