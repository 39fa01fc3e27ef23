package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.REFUSED;
import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static dev.notifier.functional.Stage.toAda;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.ChannelStats.Event;
import dev.notifier.Content;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.OnAmbiguity;
import dev.notifier.Priority;
import dev.notifier.RateLimit;
import dev.notifier.Receipt;
import dev.notifier.Route.FallbackOn;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When a delivery takes the next channel of its route. */
@ExtendWith(QuietLog.class)
class FallBackTest {
  private static final Duration AT_ONCE = Duration.ZERO;

  private final Stage stage = Stage.open();

  @Test
  void aPermanentFailureFallsBackAtOnce() {
    stage.email.always(REFUSED);

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.run();

    assertThat(stage.email.calls()).hasSize(1);
    assertThat(stage.sms.times()).containsExactly(AT_ONCE);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.notifier.deadLetters().newest(10)).as("the fall-back delivered").isEmpty();
    assertThat(stage.count("email", Event.FELL_BACK)).isEqualTo(1);
    assertThat(stage.count("sms", Event.SENT)).isEqualTo(1);
  }

  @Test
  void exhaustedRetriesFallBack() {
    stage.email.always(BUSY);

    stage.send(byEmailOrSms("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times())
        .containsExactly(AT_ONCE, Duration.ofSeconds(10), Duration.ofSeconds(70));
    assertThat(stage.sms.times()).containsExactly(Duration.ofSeconds(70));
  }

  @Test
  void theNextChannelHasRetriesOfItsOwn() {
    stage.email.always(REFUSED);
    stage.sms.always(BUSY);

    Receipt receipt = stage.send(byEmailOrSms("hello"));
    stage.runToTheEnd();

    assertThat(stage.sms.times())
        .containsExactly(AT_ONCE, Duration.ofSeconds(10), Duration.ofSeconds(70));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.notifier.deadLetters().newest(10)).hasSize(1);
    assertThat(stage.sms.calls().get(0).attempt().number()).as("numbers start again").isEqualTo(1);
  }

  @Test
  void anUnknownExceptionFallsBackToo() {
    stage.email.alwaysDo(
        attempt -> {
          throw new IllegalStateException("a bug in the channel");
        });

    Receipt receipt = stage.send(byEmailOrSms("hello").fallbackOn(FallbackOn.FIRST_FAILURE));
    stage.run();

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.sms.calls()).hasSize(1);
  }

  @Test
  void firstFailureLeavesWithoutARetry() {
    stage.email.always(BUSY);

    stage.send(byEmailOrSms("hello").fallbackOn(FallbackOn.FIRST_FAILURE));
    stage.runToTheEnd();

    assertThat(stage.email.times()).containsExactly(AT_ONCE);
    assertThat(stage.sms.times()).containsExactly(AT_ONCE);
  }

  @Test
  void firstFailureStillRetriesOnTheLastChannel() {
    stage.email.always(BUSY);
    stage.sms.then(BUSY);

    Receipt receipt = stage.send(byEmailOrSms("hello").fallbackOn(FallbackOn.FIRST_FAILURE));
    stage.runToTheEnd();

    assertThat(stage.sms.times()).containsExactly(AT_ONCE, Duration.ofSeconds(10));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aRouteOfThreeIsTriedInOrderAndFailsAsAWhole() {
    stage.email.always(REFUSED);
    stage.sms.always(REFUSED);
    stage.pager.always(DeliveryResult.permanentFailure("the pager is gone"));

    Receipt receipt = stage.send(byEmailOrSms("hello").orElse("pager"));
    stage.run();

    DeliveryReport report = stage.delivery(receipt);
    assertThat(report.attempts())
        .extracting(attempt -> attempt.channel().value())
        .containsExactly("email", "sms", "pager");
    assertThat(report.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(report.reason()).isEqualTo("the pager is gone");
    assertThat(stage.notifier.deadLetters().newest(10)).hasSize(1);
  }

  @Test
  void eachChannelSaysWhatWasWrittenForIt() {
    stage.email.always(REFUSED);

    stage.send(byEmailOrSms("long text").contentFor("sms", Content.text("short text")));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("long text");
    assertThat(stage.sms.texts()).containsExactly("short text");
  }

  @Test
  void theDeliveryKeepsItsIdOverRetriesAndFallBack() {
    stage.email.always(BUSY);

    stage.send(byEmailOrSms("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.calls()).hasSize(3);
    assertThat(stage.email.calls())
        .allSatisfy(
            call ->
                assertThat(call.attempt().delivery())
                    .isEqualTo(stage.sms.calls().get(0).attempt().delivery()));
  }

  /** {@code fallbackAfter}: the time with a channel is limited. */
  @Nested
  class AfterATime {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void itLeavesWhenTheTimeIsUpThoughRetriesRemain() {
      stage.email.always(BUSY);

      Receipt receipt = stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.runToTheEnd();

      // NORMAL would be retried after 10 and 70 seconds; the second retry would be too late.
      assertThat(stage.email.times()).containsExactly(AT_ONCE, Duration.ofSeconds(10));
      assertThat(stage.sms.times()).containsExactly(LIMIT);
      assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    }

    @Test
    void itDoesNotLeaveAMillisecondEarly() {
      stage.email.always(BUSY);
      stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.run();

      stage.advance(LIMIT.minusMillis(1));
      assertThat(stage.sms.calls()).isEmpty();
      stage.advance(Duration.ofMillis(1));
      assertThat(stage.sms.calls()).hasSize(1);
    }

    @Test
    void itLeavesWhileTheLaneOfTheFirstChannelIsHeldUp() {
      Stage held =
          Stage.withEmail(policy -> policy.rateLimit(new RateLimit(1, Duration.ofHours(12))));
      held.send(byEmail("uses up the permit"));
      Receipt receipt = held.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      held.run();

      held.advance(LIMIT.minusMillis(1));
      assertThat(held.sms.calls()).isEmpty();
      held.advance(Duration.ofMillis(1));
      assertThat(held.sms.texts()).containsExactly("hello");
      assertThat(held.status(receipt)).isEqualTo(DeliveryStatus.SENT);

      held.runToTheEnd();
      assertThat(held.email.texts()).as("no second send").containsExactly("uses up the permit");
    }

    @Test
    void itLeavesASecondChannelThatIsHeldUpAsWell() {
      RateLimit tight = new RateLimit(1, Duration.ofHours(12));
      Stage held =
          Stage.open(
              builder ->
                  builder
                      .policy("email", Stage.CALM.toBuilder().rateLimit(tight).build())
                      .policy("sms", Stage.CALM.toBuilder().rateLimit(tight).build()));
      held.send(byEmail("uses up a permit"));
      held.send(toAda("uses up a permit").via("sms"));
      held.run();

      Receipt receipt = held.send(byEmailOrSms("hello").orElse("pager").fallbackAfter(LIMIT));
      held.runUntil(Duration.ofMinutes(5));

      assertThat(held.pager.times()).containsExactly(LIMIT.multipliedBy(2));
      assertThat(held.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    }

    @Test
    void anAttemptUnderWayIsNotBrokenOffAndItsSuccessStands() {
      stage.email.thenDo(
          attempt -> {
            stage.clock.advance(LIMIT.plusSeconds(1));
            assertThat(stage.notifier.stats().channels()).isNotEmpty();
            return DeliveryResult.accepted();
          });

      Receipt receipt = stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.runToTheEnd();

      assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
      assertThat(stage.sms.calls()).isEmpty();
    }

    @Test
    void anAttemptThatFailsAfterTheDeadlineLeavesAtOnce() {
      stage.email.thenDo(
          attempt -> {
            stage.clock.advance(LIMIT.plusSeconds(1));
            return BUSY;
          });

      stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.runToTheEnd();

      assertThat(stage.email.calls()).hasSize(1);
      assertThat(stage.sms.times()).containsExactly(LIMIT.plusSeconds(1));
    }

    @Test
    void aStaleAlarmSendsNothingTwice() {
      stage.email.always(REFUSED); // leaves long before the alarm

      stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.runToTheEnd();

      assertThat(stage.sms.times()).containsExactly(AT_ONCE);
    }

    @Test
    void aSuccessInTimeLeavesNoAlarmBehind() {
      stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.run();

      assertThat(stage.notifier.nextDue()).isEmpty();
      assertThat(stage.stats("sms").delayed()).isZero();
      stage.runToTheEnd();
      assertThat(stage.sms.calls()).isEmpty();
    }

    @Test
    void anEarlyFallBackLeavesNoAlarmBehindOnceItIsSettled() {
      stage.email.always(REFUSED);

      stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.run();

      assertThat(stage.sms.calls()).hasSize(1);
      assertThat(stage.notifier.nextDue()).isEmpty();
      assertThat(stage.stats("sms").delayed()).isZero();
    }

    @Test
    void anAlarmThatWonLeavesNoRetryBehindOnceItIsSettled() {
      Stage slow =
          Stage.withEmail(policy -> policy.rateLimit(new RateLimit(1, Duration.ofHours(1))));
      slow.email.always(BUSY);

      slow.send(byEmailOrSms("hello").fallbackAfter(LIMIT)); // its retry meets the rate limit
      slow.run();
      slow.advance(Duration.ofSeconds(10));
      slow.advance(Duration.ofSeconds(20));

      assertThat(slow.sms.calls()).hasSize(1);
      assertThat(slow.stats("email").waiting() + slow.stats("email").delayed()).isZero();
    }

    @Test
    void aChannelLimitMetAtTheDeadlineDoesNotKeepIt() {
      Stage limited =
          Stage.open(
              builder ->
                  builder
                      .policy(
                          "email",
                          Stage.CALM.toBuilder()
                              .rateLimit(new RateLimit(1, Duration.ofHours(24)))
                              .build())
                      .interceptor(
                          (attempt, chain) -> {
                            if (attempt.content().text().orElse("").equals("slow")) {
                              holdUntilTheAlarmHasGone(attempt.channel());
                            }
                            return chain.proceed(attempt);
                          }));
      current = limited;
      limited.send(byEmail("uses up the permit"));
      limited.run();

      limited.send(byEmailOrSms("slow").fallbackAfter(LIMIT));
      limited.run();

      assertThat(limited.sms.times()).containsExactly(LIMIT);
    }

    private Stage current;

    /** Lets the deadline pass while the delivery is under way, and the alarm with it. */
    private void holdUntilTheAlarmHasGone(ChannelId channel) {
      if (channel.value().equals("email")) {
        current.clock.advance(LIMIT);
        current.run(); // the alarm finds the delivery busy
      }
    }

    @Test
    void eachChannelHasTheWholeTime() {
      stage.email.always(BUSY);
      stage.sms.always(BUSY);
      stage.pager.always(REFUSED);

      Receipt receipt = stage.send(byEmailOrSms("hello").orElse("pager").fallbackAfter(LIMIT));
      stage.runToTheEnd();

      assertThat(stage.sms.times()).containsExactly(LIMIT, LIMIT.plusSeconds(10));
      assertThat(stage.pager.times()).containsExactly(LIMIT.multipliedBy(2));
      assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
    }

    @Test
    void theLastChannelIsNotLimited() {
      stage.email.always(REFUSED);
      stage.sms.then(BUSY, BUSY);

      Receipt receipt = stage.send(byEmailOrSms("hello").fallbackAfter(LIMIT));
      stage.runToTheEnd();

      assertThat(stage.sms.calls()).hasSize(3);
      assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
    }
  }

  @Test
  void aFanOutIsOneDeliveryEachAndOneFailureStopsNoOther() {
    stage.email.always(REFUSED);
    stage.sms.then(BUSY);

    Receipt receipt = stage.send(toAda("hello").viaAll("email", "sms", "pager"));
    stage.runToTheEnd();

    assertThat(stage.delivery(receipt.id(), 0).status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.delivery(receipt.id(), 1).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.delivery(receipt.id(), 2).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(stage.status(receipt)).as("the worst of them").isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.pager.calls()).as("what succeeded is not sent again").hasSize(1);
    assertThat(stage.sms.calls()).hasSize(2);
  }

  @Test
  void oneRecipientsFailureStopsNoOther() {
    stage.email.alwaysDo(
        attempt ->
            attempt.address().value().startsWith("bad") ? REFUSED : DeliveryResult.accepted());

    Receipt bad = stage.send(dev.notifier.Notification.to("email:bad@example.com").text("hello"));
    Receipt good = stage.send(dev.notifier.Notification.to("email:good@example.com").text("hello"));
    stage.run();

    assertThat(stage.status(bad)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.status(good)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void anAmbiguousFailureIsRetriedByDefault() {
    stage.email.then(DeliveryResult.ambiguous("no answer after the final dot"));

    Receipt receipt = stage.send(byEmail("hello"));
    stage.runToTheEnd();

    assertThat(stage.email.times()).containsExactly(AT_ONCE, Duration.ofSeconds(10));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void anAmbiguousFailureThatMustNotRepeatGoesNowhereElse() {
    stage.email.always(DeliveryResult.ambiguous("no answer after the final dot"));

    Receipt receipt =
        stage.send(
            byEmailOrSms("hello")
                .priority(Priority.CRITICAL)
                .fallbackAfter(Duration.ofSeconds(5))
                .onAmbiguity(OnAmbiguity.GIVE_UP));
    stage.runToTheEnd();

    assertThat(stage.email.calls()).hasSize(1);
    assertThat(stage.sms.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(stage.delivery(receipt).reason()).contains("not sent again", "final dot");
    assertThat(stage.notifier.deadLetters().newest(10)).hasSize(1);
  }

  @Test
  void givingUpOnAmbiguityStillRetriesWhatIsPlain() {
    stage.email.then(BUSY);

    Receipt receipt = stage.send(byEmail("hello").onAmbiguity(OnAmbiguity.GIVE_UP));
    stage.runToTheEnd();

    assertThat(stage.email.calls()).hasSize(2);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }
}
