package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.RateLimit;
import dev.notifier.Receipt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Failsafe reads its own clock: a limit is either as good as for ever here, or very short. */
@ExtendWith(QuietLog.class)
@Timeout(60)
class RateLimitTest {
  private static final Duration LONG = Duration.ofHours(12);

  private static Notification.Builder to(String name, String text) {
    return Notification.to("email:" + name + "@example.com").text(text);
  }

  /** Steps in small steps of the notifier's clock, while real time passes, until it is so. */
  private static void stepUntil(Stage stage, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      stage.advance(Duration.ofMillis(20));
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  @Test
  void theChannelsLimitPutsOffWhatExceedsIt() {
    Stage stage = Stage.withEmail(policy -> policy.rateLimit(new RateLimit(3, LONG)));
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      receipts.add(stage.send(to("user" + i, "n" + i)));
    }
    stage.run();

    assertThat(stage.email.texts()).containsExactly("n0", "n1", "n2");
    assertThat(stage.stats("email").waiting()).as("nothing is dropped").isEqualTo(2);
    assertThat(stage.delivery(receipts.get(3)).status()).isEqualTo(DeliveryStatus.QUEUED);
    assertThat(stage.delivery(receipts.get(3)).attempts()).as("no attempt is burned").isEmpty();
    assertThat(stage.count("email", Event.DEFERRED)).as("the lane is asked once").isEqualTo(1);
    assertThat(stage.notifier.nextDue()).hasValue(StandingClock.START.plus(LONG.dividedBy(3)));
  }

  @Test
  void theOrderIsKeptAndNothingIsDropped() {
    Stage stage =
        Stage.withEmail(policy -> policy.rateLimit(new RateLimit(3, Duration.ofMillis(30))));
    List<String> texts = new ArrayList<>();
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      texts.add("n" + i);
      receipts.add(stage.send(to("user" + i, "n" + i)));
    }

    stepUntil(stage, () -> stage.email.calls().size() == 20);

    assertThat(stage.email.texts()).isEqualTo(texts);
    assertThat(receipts)
        .allSatisfy(
            receipt -> {
              assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
              assertThat(stage.delivery(receipt).attempts())
                  .singleElement()
                  .satisfies(attempt -> assertThat(attempt.number()).isEqualTo(1));
            });
  }

  @Test
  void aCriticalOneIsStillFirstWhenTheLaneGoesOn() {
    Stage stage = Stage.open();
    stage.email.then(
        DeliveryResult.deferred(
            StandingClock.START.plusSeconds(10), Obstacle.CHANNEL_LIMIT, "the provider's limit"));
    stage.send(to("user1", "put off"));
    stage.send(to("user2", "behind it"));
    stage.run();

    stage.send(to("user3", "critical").priority(Priority.CRITICAL));
    stage.runToTheEnd();

    assertThat(stage.email.texts()).containsExactly("put off", "critical", "put off", "behind it");
    assertThat(stage.email.times().subList(1, 4)).containsOnly(Duration.ofSeconds(10));
  }

  @Test
  void theRecipientsLimitPutsOffThatRecipientOnly() {
    Stage stage = Stage.withEmail(policy -> policy.recipientRateLimit(new RateLimit(2, LONG)));
    List<Receipt> toAda = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      toAda.add(stage.send(to("ada", "ada" + i)));
    }
    stage.send(to("bob", "bob"));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("ada0", "ada1", "bob");
    assertThat(stage.delivery(toAda.get(2)).attempts()).isEmpty();
    assertThat(stage.delivery(toAda.get(2)).nextAttempt())
        .hasValue(StandingClock.START.plus(LONG.dividedBy(2)));
    assertThat(stage.count("email", Event.DEFERRED)).isEqualTo(1);
  }

  @Test
  void aRecipientWhoHasHadEnoughUsesUpNoneOfTheChannelsPermits() {
    Stage stage =
        Stage.withEmail(
            policy ->
                policy
                    .recipientRateLimit(new RateLimit(1, LONG))
                    .rateLimit(new RateLimit(2, LONG)));
    for (int i = 0; i < 5; i++) {
      stage.send(to("ada", "ada" + i));
    }
    stage.send(to("bob", "bob"));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("ada0", "bob");
  }

  @Test
  void aChannelThatHasHadEnoughUsesUpNoneOfTheRecipientsPermits() {
    Stage stage =
        Stage.withEmail(
            policy ->
                policy
                    .recipientRateLimit(new RateLimit(1, LONG))
                    .rateLimit(new RateLimit(1, Duration.ofMillis(50))));
    stage.send(to("bob", "bob"));
    stage.send(to("ada", "ada"));
    stage.run();

    stepUntil(stage, () -> stage.email.calls().size() == 2);

    assertThat(stage.email.texts()).containsExactly("bob", "ada");
    assertThat(stage.clock.elapsed()).as("not the recipient's 12 hours").isLessThan(LONG);
  }

  @Test
  void aDeferralBurnsNoRetry() {
    Stage stage = Stage.withEmail(policy -> policy.rateLimit(new RateLimit(1, LONG)));
    stage.send(byEmail("uses up the permit"));
    Receipt receipt = stage.send(byEmail("waits").expiresAfter(Duration.ofDays(3)));
    stage.runUntil(Duration.ofDays(2));

    assertThat(stage.count("email", Event.DEFERRED)).isEqualTo(4 + 1); // each half day
    assertThat(stage.delivery(receipt).attempts()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.QUEUED);
  }

  @Test
  void oneChannelsLimitIsNotAnothers() {
    Stage stage = Stage.withEmail(policy -> policy.rateLimit(new RateLimit(1, LONG)));
    stage.send(byEmail("one"));
    stage.send(byEmail("two"));
    stage.send(Stage.toAda("three").via("sms"));
    stage.run();

    assertThat(stage.sms.texts()).containsExactly("three");
  }
}
