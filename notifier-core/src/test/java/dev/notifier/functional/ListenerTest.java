package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(QuietLog.class)
class ListenerTest {
  /** Writes down what it hears. */
  private static final class Diary implements NotificationListener {
    final List<String> entries = new ArrayList<>();

    @Override
    public void accepted(NotificationId id, Notification notification) {
      entries.add("accepted");
    }

    @Override
    public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
      String decision =
          settlement instanceof Settlement.Requeued again
              ? again.cause().name()
              : ((Settlement.Finished) settlement).status().name();
      entries.add("attempted " + attempt.channel() + " " + attempt.number() + ": " + decision);
    }

    @Override
    public void settled(NotificationId id, DeliveryReport delivery) {
      entries.add("settled " + delivery.status() + " after " + delivery.attempts().size());
    }
  }

  /** Throws at every event. */
  private static final class Thrower implements NotificationListener {
    private final Throwable thrown;

    Thrower(Throwable thrown) {
      this.thrown = thrown;
    }

    @SuppressWarnings("unchecked")
    private <E extends Throwable> void raise() throws E {
      throw (E) thrown;
    }

    @Override
    public void accepted(NotificationId id, Notification notification) {
      this.<RuntimeException>raise();
    }

    @Override
    public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
      this.<RuntimeException>raise();
    }

    @Override
    public void settled(NotificationId id, DeliveryReport delivery) {
      this.<RuntimeException>raise();
    }

    @Override
    public void channelPaused(ChannelId channel, String reason, Instant until) {
      this.<RuntimeException>raise();
    }

    @Override
    public void channelResumed(ChannelId channel) {
      this.<RuntimeException>raise();
    }
  }

  private final Diary diary = new Diary();

  @Test
  void eventsComeInTheOrderOfALife() {
    Stage stage = Stage.open(builder -> builder.listener(diary));
    stage.email.then(BUSY, REFUSED);

    stage.send(byEmailOrSms("hello"));
    assertThat(diary.entries).containsExactly("accepted");
    stage.runToTheEnd();

    assertThat(diary.entries)
        .containsExactly(
            "accepted",
            "attempted email 1: RETRY",
            "attempted email 2: FALL_BACK",
            "attempted sms 1: SENT",
            "settled SENT after 3");
  }

  @Test
  void whatEndsWithoutAnAttemptIsSettledAllTheSame() {
    Stage stage = Stage.open(builder -> builder.listener(diary));
    stage.send(byEmail("hello").expiresAfter(Duration.ofSeconds(1)));
    stage.advance(Duration.ofSeconds(1));

    assertThat(diary.entries).containsExactly("accepted", "settled EXPIRED after 0");
  }

  @Test
  void aDuplicateIsNotAccepted() {
    Stage stage = Stage.open(builder -> builder.listener(diary));
    stage.send(byEmail("hello").idempotencyKey("k"));
    stage.send(byEmail("hello").idempotencyKey("k"));

    assertThat(diary.entries).containsExactly("accepted");
  }

  @Test
  void theDecisionIsInTheStoreWhenItIsHeardOf() {
    List<DeliveryStatus> seen = new ArrayList<>();
    Stage[] itself = new Stage[1];
    Stage stage =
        Stage.open(
            builder ->
                builder.listener(
                    new NotificationListener() {
                      @Override
                      public void attempted(
                          DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
                        seen.add(
                            itself[0]
                                .notifier
                                .find(attempt.delivery().notification())
                                .orElseThrow()
                                .status());
                      }
                    }));
    itself[0] = stage;
    stage.email.then(BUSY);
    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(seen).containsExactly(DeliveryStatus.QUEUED, DeliveryStatus.SENT);
  }

  @Test
  void aHistoryThatIsTooShortHidesNoSettlement() throws InterruptedException {
    Stage[] itself = new Stage[1];
    List<DeliveryReport> settled = new ArrayList<>();
    NotificationListener pushesOut =
        new NotificationListener() {
          @Override
          public void attempted(
              DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
            if (attempt.content().text().orElse("").equals("first")) {
              itself[0].send(byEmail("second"));
              itself[0].run(); // settles the second while the first is not announced yet
            }
          }

          @Override
          public void settled(NotificationId id, DeliveryReport delivery) {
            settled.add(delivery);
          }
        };
    Stage stage = Stage.open(b -> b.listener(pushesOut).history(1, Duration.ofDays(1)));
    itself[0] = stage;
    Receipt first = stage.send(byEmail("first"));
    var outcome = first.outcome().toCompletableFuture();

    stage.run();

    assertThat(settled).hasSize(2);
    assertThat(settled.get(1).id().notification()).isEqualTo(first.id());
    assertThat(settled.get(1).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(outcome).as("who waits is told something").isDone();
  }

  @Test
  void aThrowingListenerHurtsNobody() throws InterruptedException {
    for (Throwable thrown :
        List.of(
            new IllegalStateException("ada.lovelace@example.com"),
            new AssertionError(),
            new StackOverflowError(),
            new LinkageError(),
            new java.io.IOException())) {
      Diary behind = new Diary();
      try (LogRecorder log = LogRecorder.open()) {
        Stage stage = Stage.open(builder -> builder.listener(new Thrower(thrown)).listener(behind));
        stage.email.then(
            BUSY, DeliveryResult.configurationFault("bad token"), DeliveryResult.accepted());

        Receipt receipt = stage.send(byEmail("hello"));
        stage.runToTheEnd();

        assertThat(receipt.await(Duration.ZERO).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
        assertThat(behind.entries)
            .as("the next listener is told all the same")
            .containsExactly(
                "accepted",
                "attempted email 1: RETRY",
                "attempted email 2: DEFERRAL",
                "attempted email 2: SENT",
                "settled SENT after 3");
        assertThat(log.messages(Level.ERROR))
            .anyMatch(line -> line.contains("Thrower") && line.contains("on accepted"))
            .noneMatch(line -> line.contains("ada.lovelace@"));
      }
    }
  }
}
