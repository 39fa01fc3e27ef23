package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.CALM;
import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a failed attempt is made again, by a clock that moves only when told. */
@ExtendWith(QuietLog.class)
class RetryScheduleTest {
  static Stream<Arguments> defaults() {
    return Stream.of(
        Arguments.of(Priority.CRITICAL, List.of(1L, 5L, 15L, 60L, 300L)),
        Arguments.of(Priority.HIGH, List.of(5L, 30L, 120L)),
        Arguments.of(Priority.NORMAL, List.of(10L, 60L)),
        Arguments.of(Priority.LOW, List.of()));
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void eachPriorityIsRetriedAfterItsDefaultsToTheSecond(Priority priority, List<Long> waits) {
    Stage stage = Stage.open();
    stage.email.always(BUSY);

    Receipt receipt = stage.send(byEmail("hello").priority(priority));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(waits));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.notifier.deadLetters().newest(10))
        .singleElement()
        .satisfies(letter -> assertThat(letter.id()).isEqualTo(receipt.id()));
    assertThat(stage.count("email", Event.RETRIED)).isEqualTo(waits.size());
    assertThat(stage.count("email", Event.FAILED)).isEqualTo(1);
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void noRetryIsMadeAMillisecondEarly(Priority priority, List<Long> waits) {
    Stage stage = Stage.open();
    stage.email.always(BUSY);
    stage.send(byEmail("hello").priority(priority));
    stage.run();

    for (int i = 0; i < waits.size(); i++) {
      stage.advance(Duration.ofSeconds(waits.get(i)).minusMillis(1));
      assertThat(stage.email.calls()).as("before retry %s", i + 1).hasSize(i + 1);
      stage.advance(Duration.ofMillis(1));
      assertThat(stage.email.calls()).as("at retry %s", i + 1).hasSize(i + 2);
    }
  }

  /** Each wait is counted from the failure before it. */
  private static List<Duration> sums(List<Long> waits) {
    List<Duration> times = new ArrayList<>(List.of(Duration.ZERO));
    for (long wait : waits) {
      times.add(times.get(times.size() - 1).plusSeconds(wait));
    }
    return times;
  }

  @Test
  void aRetryThatSucceedsEndsTheSchedule() {
    Stage stage = Stage.open();
    stage.email.then(BUSY);

    Receipt receipt = stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).containsExactly(Duration.ZERO, Duration.ofSeconds(10));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.notifier.deadLetters().newest(10)).isEmpty();
  }

  @Test
  void defaultJitterSpreadsAWaitOverTwentyPercentBothWays() {
    Stage stage =
        Stage.open(b -> b.defaultPolicy(ChannelPolicy.builder().withoutBreakers().build()));
    stage.email.always(BUSY);
    Set<Long> waits = new HashSet<>();

    for (int i = 0; i < 500; i++) {
      Receipt receipt = stage.send(byEmail("hello").priority(Priority.HIGH));
      stage.run();
      waits.add(
          Duration.between(StandingClock.START, stage.delivery(receipt).nextAttempt().orElseThrow())
              .toMillis());
    }

    assertThat(waits).allSatisfy(wait -> assertThat(wait).isBetween(4000L, 6000L));
    assertThat(waits).as("spread, not a few values").hasSizeGreaterThan(100);
    LongStream all = waits.stream().mapToLong(Long::longValue);
    assertThat(all.summaryStatistics())
        .satisfies(
            spread -> {
              assertThat(spread.getMin()).isLessThan(4400);
              assertThat(spread.getMax()).isGreaterThan(5600);
            });
  }

  @Test
  void aPriorityCanHaveAPolicyOfItsOwn() {
    Stage stage =
        Stage.withEmail(
            policy -> policy.retry(Priority.LOW, RetryPolicy.seconds(2, 3).withJitter(0)));
    stage.email.always(BUSY);

    stage.send(byEmail("hello").priority(Priority.LOW));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(List.of(2L, 3L)));
  }

  @Test
  void aChannelCanHaveAPolicyOfItsOwn() {
    Stage stage = Stage.withEmail(policy -> policy.retry(RetryPolicy.seconds(7).withJitter(0)));
    stage.email.always(BUSY);
    stage.sms.always(BUSY);

    stage.send(byEmail("by mail"));
    stage.send(Stage.toAda("by phone").via("sms"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(List.of(7L)));
    assertThat(stage.sms.times()).as("keeps the defaults").isEqualTo(sums(List.of(10L, 60L)));
  }

  @Test
  void anExponentialPolicyGrowsUpToItsMaximum() {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofSeconds(2), 3, Duration.ofSeconds(20), 4).withJitter(0);
    Stage stage = Stage.withEmail(builder -> builder.retry(policy));
    stage.email.always(BUSY);

    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(List.of(2L, 6L, 18L, 20L)));
  }

  @Test
  void retryAfterIsALowerBound() {
    Stage stage = Stage.open();
    stage.email.then(
        DeliveryResult.transientFailure("429", Duration.ofSeconds(37)), // more than the 10 s
        DeliveryResult.transientFailure("429", Duration.ofSeconds(5))); // less than the 60 s

    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(List.of(37L, 60L)));
  }

  @Test
  void retryAfterIsBelievedForAnHourAtMost() {
    Stage stage = Stage.open();
    stage.email.then(DeliveryResult.transientFailure("429", Duration.ofDays(3)));

    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(List.of(3600L)));
  }

  @Test
  void theCapOfRetryAfterCanBeSet() {
    RetryPolicy patient =
        RetryPolicy.seconds(1).withJitter(0).withRetryAfterCap(Duration.ofHours(2));
    Stage stage = Stage.withEmail(policy -> policy.retry(patient));
    stage.email.then(DeliveryResult.transientFailure("429", Duration.ofDays(3)));

    stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).isEqualTo(sums(List.of(7200L)));
  }

  @Test
  void aLowerBoundNeverGivesARetryMore() {
    Stage stage = Stage.open();
    stage.email.always(DeliveryResult.transientFailure("429", Duration.ofSeconds(2)));

    Receipt receipt = stage.send(byEmail("hello").priority(Priority.LOW));
    stage.runToTheEnd();

    assertThat(stage.email.calls()).as("LOW has no retries to wait for").hasSize(1);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
  }

  @Test
  void aRetryIsADueTimeAndHoldsUpNobody() {
    Stage stage = Stage.withEmail(policy -> policy.concurrency(CALM.concurrency()));
    stage.email.then(BUSY);

    stage.send(byEmail("fails first"));
    stage.send(byEmail("goes at once"));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("fails first", "goes at once");
    assertThat(stage.email.times()).containsOnly(Duration.ZERO);
    assertThat(stage.stats("email").delayed()).isEqualTo(1);
  }
}
