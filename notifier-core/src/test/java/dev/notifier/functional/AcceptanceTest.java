package dev.notifier.functional;

import static dev.notifier.functional.Stage.BUSY;
import static dev.notifier.functional.Stage.CALM;
import static dev.notifier.functional.Stage.byEmail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.LaneFullException;
import dev.notifier.Notification;
import dev.notifier.OverflowPolicy;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.UnknownChannelException;
import dev.notifier.spi.Channel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is accepted, what is a duplicate, and until when it may be sent. */
@ExtendWith(QuietLog.class)
class AcceptanceTest {
  private final Stage stage = Stage.open();

  private static Notification.Builder keyed(String recipient, String text) {
    return Notification.to(Recipient.named(recipient).email(recipient + "@example.com"))
        .text(text)
        .idempotencyKey("order-17");
  }

  // --- Idempotency ------------------------------------------------------------------------------

  @Test
  void theSecondSendReturnsTheFirstOnesIdAndSaysDuplicate() {
    Receipt first = stage.send(keyed("ada", "one"));
    Receipt second = stage.send(keyed("ada", "two"));
    stage.run();

    assertThat(first.isDuplicate()).isFalse();
    assertThat(second.isDuplicate()).isTrue();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(stage.email.texts()).containsExactly("one");
    assertThat(stage.notifier.stats().duplicates()).isEqualTo(1);
  }

  @Test
  void aDuplicateIsRecognisedAfterTheFirstWasSettled() {
    Receipt first = stage.send(keyed("ada", "one"));
    stage.run();
    stage.clock.advance(Duration.ofHours(24).minusMillis(1));

    Receipt second = stage.send(keyed("ada", "two"));

    assertThat(second.isDuplicate()).isTrue();
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(stage.status(second)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void theKeyIsForgottenAfterADay() {
    stage.send(keyed("ada", "one"));
    stage.run();
    stage.clock.advance(Duration.ofHours(24));

    assertThat(stage.send(keyed("ada", "two")).isDuplicate()).isFalse();
    stage.run();
    assertThat(stage.email.texts()).containsExactly("one", "two");
  }

  @Test
  void theWindowCanBeSet() {
    Stage shorter = Stage.open(builder -> builder.idempotencyWindow(Duration.ofMinutes(1)));
    shorter.send(keyed("ada", "one"));
    shorter.clock.advance(Duration.ofMinutes(1).minusMillis(1));
    assertThat(shorter.send(keyed("ada", "two")).isDuplicate()).isTrue();
    shorter.clock.advance(Duration.ofMillis(1));
    assertThat(shorter.send(keyed("ada", "three")).isDuplicate()).isFalse();
  }

  @Test
  void theKeyIsScopedByRecipient() {
    assertThat(stage.send(keyed("ada", "one")).isDuplicate()).isFalse();
    assertThat(stage.send(keyed("bob", "one")).isDuplicate()).isFalse();
    stage.run();
    assertThat(stage.email.calls()).hasSize(2);
  }

  @Test
  void differentKeysAndNoKeyAreNoDuplicates() {
    stage.send(keyed("ada", "one"));
    assertThat(stage.send(keyed("ada", "one").idempotencyKey("order-18")).isDuplicate()).isFalse();
    assertThat(stage.send(Notification.to("email:ada@example.com").text("one")).isDuplicate())
        .isFalse();
    assertThat(stage.send(Notification.to("email:ada@example.com").text("one")).isDuplicate())
        .isFalse();
  }

  @Test
  void aDuplicateTakesNoRoom() {
    Stage small = Stage.withEmail(policy -> policy.capacity(2).overflow(OverflowPolicy.reject()));
    for (int i = 0; i < 10; i++) {
      small.send(keyed("ada", "one"));
    }

    assertThat(small.stats("email").waiting()).isEqualTo(1);
    small.send(byEmail("there is room for another one"));
  }

  @Test
  void aRefusedSendLeavesItsKeyFree() {
    Stage small = Stage.withEmail(policy -> policy.capacity(1).overflow(OverflowPolicy.reject()));
    small.send(byEmail("fills the lane"));
    assertThatThrownBy(() -> small.send(keyed("ada", "one"))).isInstanceOf(LaneFullException.class);
    small.run();

    assertThat(small.send(keyed("ada", "one")).isDuplicate()).isFalse();
  }

  // --- Checks -----------------------------------------------------------------------------------

  @Test
  void aChannelThatIsNotThereIsNamedAndNothingIsAccepted() {
    Notification notification =
        Notification.to(Stage.ada().address("pigeon", "loft-7"))
            .via("email")
            .orElse("pigeon")
            .text("hello")
            .build();

    assertThatThrownBy(() -> stage.notifier.send(notification))
        .isInstanceOf(UnknownChannelException.class)
        .hasMessageContaining("'pigeon'")
        .hasMessageContaining("[email, pager, sms]");
    assertThat(stage.stats("email").waiting()).isZero();
  }

  @Test
  void everyChannelOfTheRouteChecksBeforeAnythingIsAccepted() {
    Stage strict =
        Stage.open(
            builder ->
                builder.channel(
                    "strict",
                    new Channel() {
                      @Override
                      public DeliveryResult send(DeliveryAttempt attempt) {
                        return DeliveryResult.accepted();
                      }

                      @Override
                      public void check(DeliveryAttempt attempt) {
                        throw new InvalidNotificationException("text must be shorter");
                      }
                    }));
    Notification notification =
        Notification.to(Stage.ada().address("strict", "x1"))
            .viaAll("email", "strict")
            .text("hello")
            .build();

    assertThatThrownBy(() -> strict.notifier.send(notification))
        .isInstanceOf(InvalidNotificationException.class);
    assertThat(strict.notifier.sendAsync(notification)).isCompletedExceptionally();
    assertThat(strict.stats("email").waiting()).isZero();
    assertThat(strict.run()).isZero();
  }

  // --- Expiry -----------------------------------------------------------------------------------

  @Test
  void whatHasExpiredIsNeverSent() {
    Receipt receipt = stage.send(byEmail("hello").expiresAfter(Duration.ofMinutes(1)));
    stage.advance(Duration.ofMinutes(1));

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
    assertThat(stage.notifier.deadLetters().newest(10)).as("expired, not failed").isEmpty();
  }

  @Test
  void aMillisecondBeforeItIsSent() {
    Receipt receipt = stage.send(byEmail("hello").expiresAfter(Duration.ofMinutes(1)));
    stage.advance(Duration.ofMinutes(1).minusMillis(1));

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aRetryThatWouldComeTooLateIsNotWaitedFor() {
    stage.email.always(BUSY);

    Receipt receipt = stage.send(byEmail("hello").expiresAfter(Duration.ofSeconds(65)));
    stage.runUntil(Duration.ofSeconds(10)); // the retry at 70 s would be too late

    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
    assertThat(stage.delivery(receipt).reason()).contains("451 busy");
    assertThat(stage.email.calls()).hasSize(2);
    assertThat(stage.notifier.nextDue()).isEmpty();
  }

  @Test
  void aRetryThatWouldComeTooLateGivesWayToTheNextChannel() {
    stage.email.always(BUSY);

    Receipt receipt =
        stage.send(
            Stage.byEmailOrSms("hello")
                .fallbackAfter(Duration.ofMinutes(2))
                .expiresAfter(Duration.ofMinutes(1)));
    stage.runToTheEnd();

    assertThat(stage.sms.calls()).hasSize(1);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void withoutAWordAboutItTheLongestLifeIsFiveDays() {
    Receipt receipt = stage.send(byEmail("hello"));
    stage.advance(Duration.ofDays(5));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);

    Receipt other = stage.send(byEmail("hello"));
    stage.advance(Duration.ofDays(5).minusMillis(1));
    assertThat(stage.status(other)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void theLongestLifeCanBeSet() {
    Stage hasty =
        Stage.open(builder -> builder.longestLife(Duration.ofMinutes(10)).defaultPolicy(CALM));
    Receipt receipt = hasty.send(byEmail("hello"));
    hasty.advance(Duration.ofMinutes(10));

    assertThat(hasty.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
  }
}
