package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static dev.notifier.functional.StandingClock.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelHealth;
import dev.notifier.ChannelHealth.Breaker;
import dev.notifier.ChannelHealth.State;
import dev.notifier.ChannelId;
import dev.notifier.CircuitBreakerPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.Priority;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a notifier tells of its channels while their providers are away. */
@ExtendWith(QuietLog.class)
class HealthTest {
  private static ChannelHealth health(Stage stage, String channel) {
    return stage.notifier.health().channels().get(ChannelId.of(channel));
  }

  @Test
  void anOutageShowsInBreakerAndBacklogUntilItIsOver() {
    Stage stage =
        Stage.withEmail(
            policy -> policy.breaker(CircuitBreakerPolicy.consecutive(1, Duration.ofMillis(1))));
    stage.send(byEmail("sent"));
    stage.run();
    assertThat(health(stage, "email").breaker()).isEqualTo(Breaker.CLOSED);

    stage.clock.advance(Duration.ofSeconds(1));
    stage.email.then(BUSY);
    stage.send(byEmail("in the outage").priority(Priority.CRITICAL));
    stage.run();
    awaitNotOpen(stage);
    stage.clock.advance(Duration.ofMillis(500));

    ChannelHealth after = health(stage, "email");
    assertThat(after.breaker())
        .as("its time is up, and nobody tried yet")
        .isEqualTo(Breaker.HALF_OPEN);
    assertThat(after.state()).isEqualTo(State.UP);
    assertThat(after.lastAccepted()).hasValue(START);
    assertThat(after.backlog()).isEqualTo(1);
    assertThat(after.oldestWait()).as("it waits for its retry").isEqualTo(Duration.ofMillis(500));

    stage.runToTheEnd();
    assertThat(health(stage, "email").breaker()).isEqualTo(Breaker.CLOSED);
    assertThat(health(stage, "email").backlog()).isZero();
    assertThat(health(stage, "email").oldestWait()).isZero();
  }

  /** Failsafe reads its own clock. */
  private static void awaitNotOpen(Stage stage) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (health(stage, "email").breaker() == Breaker.OPEN && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void anOpenBreakerDoesNotMakeAProcessUnready() {
    Stage stage =
        Stage.withEmail(
            policy -> policy.breaker(CircuitBreakerPolicy.consecutive(1, Duration.ofHours(1))));
    stage.email.then(BUSY);
    stage.send(byEmail("hello").priority(Priority.LOW));
    stage.run();

    assertThat(health(stage, "email").breaker()).isEqualTo(Breaker.OPEN);
    assertThat(health(stage, "email").state()).isEqualTo(State.FAILING);
    assertThat(stage.notifier.health().isUp()).isFalse();
    assertThat(stage.notifier.health().isReady()).isTrue();
  }

  @Test
  void aPauseTellsUntilWhenAndEndsWithTheFirstSuccess() {
    Stage stage = Stage.open();
    stage.email.then(DeliveryResult.configurationFault("535 authentication failed"));
    stage.send(byEmail("hello").priority(Priority.CRITICAL));
    stage.run();

    ChannelHealth paused = health(stage, "email");
    assertThat(paused.state()).isEqualTo(State.PAUSED);
    assertThat(paused.reason()).isEqualTo("535 authentication failed");
    assertThat(paused.pausedUntil()).hasValue(START.plus(Stage.CALM.configurationFaultPause()));
    assertThat(paused.breaker()).isEqualTo(Breaker.CLOSED);
    assertThat(stage.notifier.health().isReady()).isTrue();
    assertThat(stage.notifier.health().isUp()).isFalse();

    stage.runToTheEnd();
    assertThat(health(stage, "email").pausedUntil()).isEmpty();
    assertThat(health(stage, "email").state()).isEqualTo(State.UP);
    assertThat(stage.notifier.health().isUp()).isTrue();
  }

  @Test
  void theOldestCountsWhateverIsNextInLine() {
    Stage stage = Stage.open();
    stage.send(byEmail("old").priority(Priority.LOW));
    stage.send(byEmail("for tomorrow").sendAt(START.plus(Duration.ofDays(1))));
    stage.clock.advance(Duration.ofSeconds(5));
    stage.send(byEmail("new").priority(Priority.CRITICAL));

    assertThat(health(stage, "email").oldestWait()).isEqualTo(Duration.ofSeconds(5));
    assertThat(stage.stats("email").oldestWait()).isEqualTo(Duration.ofSeconds(5));
    assertThat(health(stage, "email").backlog()).isEqualTo(3);
  }

  @Test
  void whatWaitsOnAnotherChannelIsNotOfThisOne() {
    Stage stage = Stage.open();
    stage.email.then(BUSY);
    stage.send(byEmailOrSms("hello").fallbackAfter(Duration.ofMinutes(1)));
    stage.run();
    stage.clock.advance(Duration.ofSeconds(1));

    assertThat(health(stage, "email").oldestWait()).isEqualTo(Duration.ofSeconds(1));
    assertThat(health(stage, "sms").oldestWait()).isZero();
    assertThat(health(stage, "sms").backlog()).isZero();
  }

  @Test
  void aClosedNotifierIsNotReady() {
    Stage stage = Stage.open();
    assertThat(stage.notifier.health().isReady()).isTrue();
    stage.notifier.close(Duration.ZERO);
    assertThat(stage.notifier.health().isReady()).isFalse();
  }
}
