package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.CALM;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.toAda;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryStatus;
import dev.notifier.LaneFullException;
import dev.notifier.NotificationReport;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a full lane does with one more. Nobody works here unless told to, so that it stays full. */
@ExtendWith(QuietLog.class)
@Timeout(60)
class OverflowTest {
  private static Stage stage(int capacity, OverflowPolicy overflow) {
    return Stage.withEmail(policy -> policy.capacity(capacity).overflow(overflow));
  }

  private static Stage full(OverflowPolicy overflow, Priority... waiting) {
    Stage stage = stage(waiting.length, overflow);
    for (Priority priority : waiting) {
      stage.send(byEmail(priority + " waits").priority(priority));
    }
    return stage;
  }

  static List<OverflowPolicy> policies() {
    return List.of(
        OverflowPolicy.reject(),
        OverflowPolicy.block(Duration.ofMillis(20)),
        OverflowPolicy.dropLeastImportant());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aLaneIsBounded(OverflowPolicy overflow) {
    Stage stage = full(overflow, Priority.NORMAL, Priority.NORMAL, Priority.NORMAL);

    assertThatThrownBy(() -> stage.send(byEmail("one too many")))
        .isInstanceOf(LaneFullException.class);

    assertThat(stage.stats("email").waiting()).isEqualTo(3);
    assertThat(stage.count("email", Event.ACCEPTED)).isEqualTo(3);
    assertThat(stage.count("email", Event.REJECTED)).isEqualTo(1);
    stage.run();
    assertThat(stage.email.calls()).hasSize(3);
    stage.send(byEmail("there is room again"));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aCriticalOneAlwaysGetsIn(OverflowPolicy overflow) {
    Stage stage = full(overflow, Priority.CRITICAL, Priority.CRITICAL);

    Receipt receipt = stage.send(byEmail("hello").priority(Priority.CRITICAL));
    stage.run();

    assertThat(stage.email.calls()).hasSize(3);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void theErrorCarriesTheNumbers() {
    Stage stage = stage(3, OverflowPolicy.reject());
    stage.email.then(BUSY);
    stage.send(byEmail("waits for a retry").priority(Priority.HIGH));
    stage.run();
    stage.send(byEmail("waits"));
    stage.send(byEmail("waits"));
    stage.clock.advance(Duration.ofSeconds(4));

    assertThatThrownBy(() -> stage.send(byEmail("one too many")))
        .isInstanceOf(LaneFullException.class)
        .hasMessageContaining("lane 'email' is full")
        .hasMessageContaining("3 waiting (1 of them for a later time)")
        .hasMessageContaining("capacity 3")
        .hasMessageContaining("0 workers busy")
        .hasMessageContaining("has waited PT4S")
        .hasMessageContaining("raise the capacity or concurrency");
  }

  @Test
  void theErrorCountsBusyWorkers() {
    Stage stage = stage(1, OverflowPolicy.reject());
    stage.email.thenDo(
        attempt -> {
          stage.send(byEmail("waits"));
          assertThatThrownBy(() -> stage.send(byEmail("one too many")))
              .hasMessageContaining("1 waiting")
              .hasMessageContaining("1 workers busy");
          return BUSY;
        });
    stage.send(byEmail("first").priority(Priority.LOW));
    stage.run();

    assertThat(stage.email.calls()).hasSize(2);
    assertThat(stage.delivery(stage.notifier.deadLetters().newest(1).get(0).id(), 0).reason())
        .as("the assertions above held")
        .isEqualTo("451 busy");
  }

  @Test
  void whatWaitsForARetryTakesRoom() {
    Stage stage = stage(1, OverflowPolicy.reject());
    stage.email.then(BUSY);
    stage.send(byEmail("waits for a retry"));
    stage.run();

    assertThatThrownBy(() -> stage.send(byEmail("one too many")))
        .isInstanceOf(LaneFullException.class);
  }

  @Test
  void aRetryNeedsNoRoom() {
    Stage stage = stage(1, OverflowPolicy.reject());
    stage.email.thenDo(
        attempt -> {
          stage.send(byEmail("fills the lane meanwhile"));
          return BUSY;
        });
    Receipt receipt = stage.send(byEmail("comes back"));
    stage.runToTheEnd();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.email.calls()).hasSize(3);
  }

  @Test
  void blockGivesUpAfterItsTimeAndSaysSo() {
    Stage stage = full(OverflowPolicy.block(Duration.ofMillis(50)), Priority.NORMAL);

    assertThatThrownBy(() -> stage.send(byEmail("one too many")))
        .isInstanceOf(LaneFullException.class)
        .hasMessageContaining("after waiting PT0.05S for room");
  }

  @Test
  void anInterruptedSenderIsRefusedAndStaysInterrupted() {
    Stage stage = full(OverflowPolicy.block(Duration.ofSeconds(30)), Priority.NORMAL);

    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> stage.send(byEmail("one too many")))
        .isInstanceOf(LaneFullException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void sendAsyncNeverBlocks() {
    Stage stage = full(OverflowPolicy.block(Duration.ofHours(1)), Priority.NORMAL);

    CompletionStage<Receipt> refused =
        stage.notifier.sendAsync(byEmail("one too many").build()); // or the test times out

    assertThat(refused)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(LaneFullException.class);
    assertThat(stage.count("email", Event.REJECTED)).isEqualTo(1);
    stage.run();
    assertThat(stage.notifier.sendAsync(byEmail("there is room").build()))
        .isCompletedWithValueMatching(receipt -> !receipt.isDuplicate());
  }

  // --- DROP_LEAST_IMPORTANT ---------------------------------------------------------------------

  @Test
  void theLeastImportantGivesWayAndBecomesADeadLetter() {
    Stage stage =
        full(OverflowPolicy.dropLeastImportant(), Priority.LOW, Priority.NORMAL, Priority.HIGH);

    Receipt receipt = stage.send(byEmail("more important").priority(Priority.HIGH));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("HIGH waits", "more important", "NORMAL waits");
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.notifier.deadLetters().newest(10))
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.notification().priority()).isEqualTo(Priority.LOW);
              assertThat(letter.status()).isEqualTo(DeliveryStatus.FAILED);
              assertThat(letter.reason()).contains("dropped", "full", "more important");
            });
    assertThat(stage.count("email", Event.DROPPED)).isEqualTo(1);
    assertThat(stage.count("email", Event.FAILED)).isEqualTo(1);
    assertThat(stage.count("email", Event.REJECTED)).isZero();
  }

  @Test
  void amongEqualsTheNewestGivesWay() {
    Stage stage = stage(2, OverflowPolicy.dropLeastImportant());
    stage.send(byEmail("old").priority(Priority.LOW));
    stage.send(byEmail("new").priority(Priority.LOW));

    stage.send(byEmail("important").priority(Priority.CRITICAL));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("important", "old");
  }

  @Test
  void oneThatIsNoMoreImportantIsRefused() {
    Stage stage = full(OverflowPolicy.dropLeastImportant(), Priority.HIGH, Priority.HIGH);

    assertThatThrownBy(() -> stage.send(byEmail("less").priority(Priority.NORMAL)))
        .isInstanceOf(LaneFullException.class);
    assertThatThrownBy(() -> stage.send(byEmail("equal").priority(Priority.HIGH)))
        .isInstanceOf(LaneFullException.class);
    stage.run();

    assertThat(stage.email.calls()).hasSize(2);
    assertThat(stage.notifier.deadLetters().newest(10)).isEmpty();
  }

  @Test
  void aDroppedOneTakesItsAlarmAlong() {
    Stage stage = stage(1, OverflowPolicy.dropLeastImportant());
    Receipt dropped =
        stage.send(
            byEmail("low")
                .orElse("sms")
                .fallbackAfter(Duration.ofMinutes(1))
                .priority(Priority.LOW));
    stage.send(byEmail("important"));
    stage.runToTheEnd();

    assertThat(stage.status(dropped)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.sms.calls()).isEmpty();
    assertThat(stage.stats("sms").delayed()).isZero();
  }

  // --- Nothing is half accepted -----------------------------------------------------------------

  @Test
  void aFanOutIntoAFullLaneLeavesNothingBehind() {
    Stage stage =
        Stage.open(
            builder ->
                builder.defaultPolicy(
                    CALM.toBuilder().capacity(2).overflow(OverflowPolicy.reject()).build()));
    stage.send(toAda("one").via("sms"));
    stage.send(toAda("two").via("sms"));

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> stage.send(toAda("hello").viaAll("email", "pager", "sms")))
          .isInstanceOf(LaneFullException.class)
          .hasMessageContaining("lane 'sms'");
    }

    assertThat(stage.stats("email").waiting()).isZero();
    assertThat(stage.count("email", Event.ACCEPTED)).isZero();
    assertThat(stage.count("sms", Event.REJECTED)).isEqualTo(5);
    stage.send(byEmail("one"));
    stage.send(byEmail("two")); // all the room is there again
    stage.run();
    assertThat(stage.email.texts()).containsExactly("one", "two");
    assertThat(stage.pager.calls()).isEmpty();
  }

  @Test
  void aFanOutThatIsRefusedDropsNobody() {
    Stage stage =
        Stage.open(
            builder ->
                builder
                    .policy(
                        "email",
                        CALM.toBuilder()
                            .capacity(1)
                            .overflow(OverflowPolicy.dropLeastImportant())
                            .build())
                    .policy(
                        "sms",
                        CALM.toBuilder().capacity(1).overflow(OverflowPolicy.reject()).build()));
    Receipt low = stage.send(byEmail("low").priority(Priority.LOW));
    stage.send(toAda("fills the lane").via("sms"));

    assertThatThrownBy(
            () -> stage.send(toAda("hello").viaAll("email", "sms").priority(Priority.HIGH)))
        .isInstanceOf(LaneFullException.class);
    stage.run();

    assertThat(stage.status(low)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.count("email", Event.DROPPED)).isZero();
  }

  @Test
  void aDuplicateDropsNobody() {
    Stage stage = stage(1, OverflowPolicy.dropLeastImportant());
    stage.send(byEmail("first").idempotencyKey("k"));
    stage.run();
    Receipt low = stage.send(byEmail("low").priority(Priority.LOW));

    assertThat(
            stage.send(byEmail("again").idempotencyKey("k").priority(Priority.HIGH)).isDuplicate())
        .isTrue();
    stage.run();

    assertThat(stage.status(low)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.notifier.deadLetters().newest(10))
        .extracting(NotificationReport::id)
        .isEmpty();
  }
}
