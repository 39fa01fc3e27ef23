package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelHealth;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats.Event;
import dev.notifier.CircuitBreakerPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Failsafe reads its own clock, so an open breaker stays open for the length of these tests. */
@ExtendWith(QuietLog.class)
class CircuitBreakerTest {
  private static final Duration LONG = Duration.ofHours(1);

  /** LOW is not retried: one failure each. */
  private static Notification.Builder to(int recipient) {
    return Notification.to("email:user" + recipient + "@example.com")
        .text("hello")
        .priority(Priority.LOW);
  }

  private static Stage stage() {
    return Stage.withEmail(policy -> policy.breaker(CircuitBreakerPolicy.consecutive(3, LONG)));
  }

  private static void open(Stage stage) {
    stage.email.then(BUSY, BUSY, BUSY);
    for (int i = 0; i < 3; i++) {
      stage.send(to(i));
    }
    stage.run();
    assertThat(stage.email.calls()).hasSize(3);
  }

  private static ChannelHealth health(Stage stage) {
    return stage.notifier.health().channels().get(ChannelId.of("email"));
  }

  @Test
  void anOpenBreakerFallsBackAtOnce() {
    Stage stage = stage();
    open(stage);

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.run();

    assertThat(stage.email.calls()).as("not even tried").hasSize(3);
    assertThat(stage.sms.times()).containsExactly(Duration.ZERO);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.delivery(receipt).attempts())
        .as("a deferral is not an attempt")
        .extracting(attempt -> attempt.channel().value())
        .containsExactly("sms");
  }

  @Test
  void withoutANextChannelADeliveryWaitsUntilTheBreakerIsHalfOpen() {
    Stage stage = stage();
    open(stage);

    Receipt receipt = stage.send(byEmail("hello").priority(Priority.LOW));
    stage.run();

    assertThat(stage.email.calls()).hasSize(3);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.QUEUED);
    assertThat(stage.delivery(receipt).attempts()).as("burns no attempt").isEmpty();
    assertThat(stage.delivery(receipt).nextAttempt().orElseThrow())
        .isBetween(StandingClock.START.plus(LONG).minusSeconds(60), StandingClock.START.plus(LONG));
    assertThat(stage.count("email", Event.DEFERRED)).isEqualTo(1);
  }

  @Test
  void healthTellsThatTheChannelFails() {
    Stage stage = stage();
    assertThat(health(stage).state()).isEqualTo(ChannelHealth.State.UP);
    open(stage);

    assertThat(health(stage).state()).isEqualTo(ChannelHealth.State.FAILING);
    assertThat(health(stage).reason()).contains("circuit breaker");
    assertThat(stage.notifier.health().isUp()).isFalse();
    assertThat(stage.notifier.health().accepting()).isTrue();
  }

  @Test
  void permanentFailuresNeverOpenTheProvidersBreaker() {
    Stage stage = stage();
    stage.email.always(REFUSED);
    for (int i = 0; i < 50; i++) {
      stage.send(to(i));
    }
    stage.run();

    assertThat(stage.email.calls()).hasSize(50);
    assertThat(health(stage).state()).isEqualTo(ChannelHealth.State.UP);
  }

  @Test
  void aPermanentFailureBetweenOthersShowsThatTheProviderWorks() {
    Stage stage = stage();
    stage.email.then(BUSY, BUSY, REFUSED, BUSY, BUSY);
    for (int i = 0; i < 6; i++) {
      stage.send(to(i));
    }
    stage.run();

    assertThat(stage.email.calls()).as("never three in a row").hasSize(6);
  }

  @Test
  void ambiguousFailuresOpenIt() {
    Stage stage = stage();
    stage.email.always(DeliveryResult.ambiguous("no answer"));
    for (int i = 0; i < 10; i++) {
      stage.send(to(i));
    }
    stage.run();

    assertThat(stage.email.calls()).hasSize(3);
  }

  @Test
  void byDefaultTwentyFailuresInARowOpenTheChannel() {
    Stage stage = Stage.open(b -> b.defaultPolicy(ChannelPolicy.defaults()));
    stage.email.always(BUSY);
    for (int i = 0; i < 30; i++) {
      stage.send(to(i));
    }
    stage.run();

    assertThat(stage.email.calls()).hasSize(20);
  }

  @Test
  void byDefaultTenFailuresInARowOpenARecipientAndNobodyElse() {
    Stage stage = Stage.open(b -> b.defaultPolicy(ChannelPolicy.defaults()));
    stage.email.alwaysDo(
        attempt ->
            attempt.address().value().startsWith("user1@") ? BUSY : DeliveryResult.accepted());
    for (int i = 0; i < 15; i++) {
      stage.send(to(1));
    }
    stage.run();
    assertThat(stage.email.calls()).hasSize(10);

    Receipt other = stage.send(to(2));
    stage.run();

    assertThat(stage.status(other)).isEqualTo(DeliveryStatus.SENT);
    assertThat(health(stage).state()).as("the provider works").isEqualTo(ChannelHealth.State.UP);
  }

  @Test
  void oneChannelsBreakerIsNotAnothers() {
    Stage stage = stage();
    open(stage);

    Receipt receipt = stage.send(Stage.toAda("hello").via("sms"));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  @Timeout(60)
  void aHalfOpenBreakerRecovers() throws InterruptedException {
    StandingClock unused = new StandingClock();
    ScriptedChannel email = new ScriptedChannel(unused).then(BUSY, BUSY);
    ChannelPolicy policy =
        Stage.CALM.toBuilder()
            .breaker(CircuitBreakerPolicy.consecutive(2, Duration.ofMillis(150)))
            .build();
    try (Notifier notifier =
        Notifier.builder().discovery(false).channel("email", email).defaultPolicy(policy).build()) {
      notifier.send(to(1).build()).await(Duration.ofSeconds(20));
      notifier.send(to(2).build()).await(Duration.ofSeconds(20));

      Receipt waits = notifier.send(to(3).build());
      Receipt waitsToo = notifier.send(to(4).build());

      assertThat(waits.await(Duration.ofSeconds(20)).map(Outcome::status))
          .isEqualTo(Optional.of(DeliveryStatus.SENT));
      assertThat(waitsToo.await(Duration.ofSeconds(20)).map(Outcome::status))
          .isEqualTo(Optional.of(DeliveryStatus.SENT));
      assertThat(email.calls()).hasSize(4);
      assertThat(notifier.health().isUp()).isTrue();
    }
  }
}
