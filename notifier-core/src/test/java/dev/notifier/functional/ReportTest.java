package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelHealth;
import dev.notifier.ChannelHealth.Breaker;
import dev.notifier.ChannelHealth.State;
import dev.notifier.ChannelId;
import dev.notifier.ChannelStats;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationForgottenException;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be asked: find, stats, health, receipts. */
@ExtendWith(QuietLog.class)
class ReportTest {
  private static final Instant START = StandingClock.START;

  private final Stage stage = Stage.open();

  @Test
  void findTellsEveryAttempt() {
    stage.email.thenDo(
        attempt -> {
          stage.clock.advance(Duration.ofMillis(250));
          return BUSY;
        });
    stage.email.then(REFUSED);
    stage.sms.then(DeliveryResult.accepted("SM123"));

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.runToTheEnd();

    Instant retry = START.plusMillis(10_250);
    DeliveryReport delivery = stage.delivery(receipt);
    assertThat(delivery.attempts())
        .containsExactly(
            new AttemptReport(
                ChannelId.of("email"), 1, START, Duration.ofMillis(250), BUSY, Optional.of(retry)),
            new AttemptReport(
                ChannelId.of("email"), 2, retry, Duration.ZERO, REFUSED, Optional.of(retry)),
            new AttemptReport(
                ChannelId.of("sms"),
                1,
                retry,
                Duration.ZERO,
                DeliveryResult.accepted("SM123"),
                Optional.empty()));
    assertThat(delivery.status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(delivery.channel()).isEqualTo(ChannelId.of("sms"));
    assertThat(delivery.nextAttempt()).isEmpty();
  }

  @Test
  void findTellsWhereADeliveryStandsMeanwhile() {
    stage.email.then(BUSY);
    Receipt receipt = stage.send(byEmail("hello"));

    assertThat(stage.delivery(receipt).status()).isEqualTo(DeliveryStatus.QUEUED);
    assertThat(stage.delivery(receipt).nextAttempt()).hasValue(START);
    assertThat(stage.delivery(receipt).attempts()).isEmpty();

    stage.run();

    NotificationReport report = stage.notifier.find(receipt.id()).orElseThrow();
    assertThat(report.acceptedAt()).isEqualTo(START);
    assertThat(report.status()).isEqualTo(DeliveryStatus.QUEUED);
    assertThat(stage.delivery(receipt).reason()).isEqualTo("451 busy");
    assertThat(stage.delivery(receipt).nextAttempt()).hasValue(START.plusSeconds(10));
    assertThat(stage.delivery(receipt).attempts()).hasSize(1);
  }

  @Test
  void findTellsThatItIsBeingSent() {
    CompletableFuture<DeliveryStatus> seen = new CompletableFuture<>();
    stage.email.thenDo(
        attempt -> {
          seen.complete(
              stage.notifier.find(attempt.delivery().notification()).orElseThrow().status());
          return DeliveryResult.accepted();
        });
    stage.send(byEmail("hello"));
    stage.run();

    assertThat(seen).isCompletedWithValue(DeliveryStatus.SENDING);
  }

  @Test
  void whatWasNeverSentIsNotFound() {
    assertThat(stage.notifier.find(new NotificationId(new UUID(1, 2)))).isEmpty();
  }

  @Test
  void historyIsBoundedByCount() {
    Stage forgetful = Stage.open(builder -> builder.history(3, Duration.ofDays(1)));
    List<Receipt> receipts =
        java.util.stream.Stream.of("a", "b", "c", "d", "e")
            .map(text -> forgetful.send(byEmail(text)))
            .toList();
    forgetful.run();

    assertThat(receipts.stream().map(r -> forgetful.notifier.find(r.id()).isPresent()))
        .containsExactly(false, false, true, true, true);
  }

  @Test
  void historyIsBoundedByAgeButWhatIsOwedIsNot() {
    stage.email.always(DeliveryResult.accepted());
    Receipt sent = stage.send(byEmail("sent"));
    stage.run();
    Receipt owed = stage.send(byEmail("waits"));
    stage.clock.advance(Duration.ofDays(1));

    assertThat(stage.notifier.find(sent.id())).isEmpty();
    assertThat(stage.notifier.find(owed.id())).isPresent();
  }

  @Test
  void deadLettersAreNewestFirst() {
    stage.email.always(REFUSED);
    for (int i = 0; i < 5; i++) {
      stage.send(byEmail("n" + i));
      stage.run();
    }

    assertThat(stage.notifier.deadLetters().newest(2))
        .extracting(letter -> letter.notification().content().text().orElseThrow())
        .containsExactly("n4", "n3");
  }

  // --- Numbers ----------------------------------------------------------------------------------

  @Test
  void statsCountWhatWaitsAndWhatHappened() {
    Stage numbers = Stage.withEmail(policy -> policy.capacity(77));
    numbers.email.then(BUSY, REFUSED);
    numbers.send(byEmail("retried"));
    numbers.send(byEmail("refused"));
    numbers.send(byEmail("sent"));
    numbers.run();
    numbers.send(byEmail("waits"));
    numbers.clock.advance(Duration.ofSeconds(3));
    numbers.send(byEmail("waits, too"));

    ChannelStats stats = numbers.stats("email");

    assertThat(stats.waiting()).isEqualTo(2);
    assertThat(stats.delayed()).isEqualTo(1);
    assertThat(stats.busyWorkers()).isZero();
    assertThat(stats.capacity()).isEqualTo(77);
    assertThat(stats.oldestWait()).isEqualTo(Duration.ofSeconds(3));
    assertThat(stats.counts())
        .containsAllEntriesOf(
            Map.of(
                Event.ACCEPTED, 5L,
                Event.RETRIED, 1L,
                Event.FAILED, 1L,
                Event.SENT, 1L,
                Event.REJECTED, 0L));
    assertThat(stats.counts()).containsOnlyKeys(Event.values());
    assertThat(numbers.notifier.stats().total(Event.ACCEPTED)).isEqualTo(5);
  }

  @Test
  void statsCountBusyWorkers() {
    CompletableFuture<Integer> busy = new CompletableFuture<>();
    stage.email.thenDo(
        attempt -> {
          busy.complete(stage.stats("email").busyWorkers());
          return DeliveryResult.accepted();
        });
    stage.send(byEmail("hello"));
    stage.run();

    assertThat(busy).isCompletedWithValue(1);
    assertThat(stage.stats("email").busyWorkers()).isZero();
  }

  @Test
  void healthTellsBacklogAndLastAcceptance() {
    stage.send(byEmail("sent"));
    stage.run();
    stage.send(byEmail("waits"));
    stage.clock.advance(Duration.ofSeconds(7));

    ChannelHealth health = stage.notifier.health().channels().get(ChannelId.of("email"));

    assertThat(health)
        .isEqualTo(
            new ChannelHealth(
                State.UP,
                "",
                Breaker.CLOSED,
                Optional.empty(),
                Optional.of(START),
                1,
                Duration.ofSeconds(7)));
    assertThat(stage.notifier.health().channels().get(ChannelId.of("sms")).lastAccepted())
        .isEmpty();
    assertThat(stage.notifier.health().isUp()).isTrue();
  }

  @Test
  void aClosedNotifierDoesNotAccept() {
    stage.notifier.close(Duration.ZERO);

    assertThat(stage.notifier.health().accepting()).isFalse();
    assertThat(stage.notifier.health().isUp()).isFalse();
  }

  // --- Receipts ---------------------------------------------------------------------------------

  @Test
  void aReceiptTellsTheOutcome() throws InterruptedException {
    stage.email.then(REFUSED);
    Receipt receipt = stage.send(byEmail("hello"));
    CompletableFuture<Outcome> asked = receipt.outcome().toCompletableFuture();
    assertThat(receipt.await(Duration.ZERO)).as("pending").isEmpty();
    assertThat(receipt.await(Duration.ofSeconds(-1))).as("pending").isEmpty();
    assertThat(asked).isNotDone();

    stage.run();

    Outcome outcome = new Outcome(receipt.id(), DeliveryStatus.FAILED, "550 no");
    assertThat(asked).isCompletedWithValue(outcome);
    assertThat(receipt.await(Duration.ZERO)).hasValue(outcome);
    assertThat(receipt.outcome().toCompletableFuture()).isCompletedWithValue(outcome);
  }

  @Test
  void aFanOutIsOverWhenTheLastOneIs() {
    stage.sms.then(BUSY);
    Receipt receipt = stage.send(Stage.toAda("hello").viaAll("email", "sms"));
    CompletableFuture<Outcome> outcome = receipt.outcome().toCompletableFuture();
    stage.run();
    assertThat(outcome).isNotDone();

    stage.runToTheEnd();

    assertThat(outcome).isCompletedWithValueMatching(it -> it.status() == DeliveryStatus.SENT);
  }

  @Test
  void whoCompletesItsOwnStageChangesNothingForOthers() {
    Receipt receipt = stage.send(byEmail("hello"));
    CompletableFuture<Outcome> other = receipt.outcome().toCompletableFuture();
    receipt.outcome().toCompletableFuture().cancel(true);
    stage.run();

    assertThat(other).isCompletedWithValueMatching(it -> it.status() == DeliveryStatus.SENT);
  }

  @Test
  void aDependentActionThatThrowsHurtsNobody() {
    Receipt receipt = stage.send(byEmail("hello"));
    CompletableFuture<Void> action =
        receipt
            .outcome()
            .thenAccept(
                outcome -> {
                  throw new AssertionError("a bug of the application");
                })
            .toCompletableFuture();
    Receipt next = stage.send(byEmail("next"));
    stage.run();

    assertThat(action).isCompletedExceptionally();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.status(next)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void theOutcomeOfWhatIsForgottenSaysSo() throws InterruptedException {
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();
    stage.clock.advance(Duration.ofDays(1));

    assertThat(receipt.await(Duration.ofSeconds(10))).isEmpty();
    assertThat(receipt.outcome())
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NotificationForgottenException.class)
        .withMessageContaining(receipt.id().toString());
  }

  @Test
  void anyTimeMayBeWaited() throws InterruptedException {
    Receipt receipt = stage.send(byEmail("hello"));
    stage.run();

    assertThat(receipt.await(Duration.ofSeconds(Long.MAX_VALUE))).isPresent();
  }
}
