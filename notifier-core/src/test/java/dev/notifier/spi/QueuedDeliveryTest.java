package dev.notifier.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Samples;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Requeued;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueuedDeliveryTest {
  private static final DeliveryId ID = new DeliveryId(Samples.id(1), 0);
  private static final Instant LATER = Samples.NOON.plusSeconds(60);
  private static final Notification NOTIFICATION =
      Notification.to(Recipient.named("x").email("a@b").sms("+14155550100"))
          .text("Hello")
          .priority(Priority.HIGH)
          .build();
  private static final QueuedDelivery FIRST = QueuedDelivery.first(ID, NOTIFICATION, Samples.NOON);

  @Test
  void aDeliveryStartsAtOnceOnTheFirstChannelOfItsLeg() {
    assertThat(FIRST.id()).isEqualTo(ID);
    assertThat(FIRST.notification()).isSameAs(NOTIFICATION);
    assertThat(FIRST.priority()).isEqualTo(Priority.HIGH);
    assertThat(FIRST.leg()).containsExactly(ChannelId.of("email"), ChannelId.of("sms"));
    assertThat(FIRST.position()).isZero();
    assertThat(FIRST.channel()).isEqualTo(ChannelId.of("email"));
    assertThat(FIRST.hasNextChannel()).isTrue();
    assertThat(FIRST.attempts()).isZero();
    assertThat(FIRST.due()).isEqualTo(Samples.NOON);
    assertThat(FIRST.acceptedAt()).isEqualTo(Samples.NOON);
    assertThat(FIRST.positionSince()).isEqualTo(Samples.NOON);
    assertThat(FIRST).hasToString("QueuedDelivery[" + ID + " on email, due 2025-01-01T12:00:00Z]");
  }

  @Test
  void aRetryCountsAnAttemptAndStaysOnTheChannel() {
    QueuedDelivery again = FIRST.requeued(new Requeued(Cause.RETRY, 0, LATER, "busy"));
    assertThat(again.attempts()).isEqualTo(1);
    assertThat(again.channel()).isEqualTo(ChannelId.of("email"));
    assertThat(again.due()).isEqualTo(LATER);
    assertThat(again.acceptedAt()).isEqualTo(Samples.NOON);
    assertThat(again.positionSince()).isEqualTo(Samples.NOON);
    assertThat(FIRST.attempts()).as("the entry before is as it was").isZero();
  }

  @Test
  void aDeferralCountsNoAttempt() {
    QueuedDelivery again =
        FIRST
            .requeued(new Requeued(Cause.RETRY, 0, Samples.NOON, "busy"))
            .requeued(new Requeued(Cause.DEFERRAL, 0, LATER, "limit"));
    assertThat(again.attempts()).isEqualTo(1);
    assertThat(again.due()).isEqualTo(LATER);
    assertThat(again.positionSince()).isEqualTo(Samples.NOON);
  }

  @Test
  void aFallBackStartsAnewOnTheNextChannel() {
    QueuedDelivery next =
        FIRST
            .requeued(new Requeued(Cause.RETRY, 0, Samples.NOON, "busy"))
            .requeued(new Requeued(Cause.FALL_BACK, 1, LATER, "busy"));
    assertThat(next.channel()).isEqualTo(ChannelId.of("sms"));
    assertThat(next.position()).isEqualTo(1);
    assertThat(next.hasNextChannel()).isFalse();
    assertThat(next.attempts()).isZero();
    assertThat(next.due()).isEqualTo(LATER);
    assertThat(next.acceptedAt()).isEqualTo(Samples.NOON);
    assertThat(next.positionSince()).isEqualTo(LATER);
  }

  @Test
  void aFallBackBehindTheEndOfTheLegIsRefused() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> FIRST.requeued(new Requeued(Cause.FALL_BACK, 2, LATER, "busy")));
  }

  @Test
  void eachLegOfAFanOutIsADeliveryOfItsOwn() {
    Notification fanOut =
        Notification.to(NOTIFICATION.recipient()).viaAll("email", "sms").text("x").build();
    QueuedDelivery second =
        QueuedDelivery.first(new DeliveryId(Samples.id(1), 1), fanOut, Samples.NOON);
    assertThat(second.leg()).containsExactly(ChannelId.of("sms"));
    assertThat(second.hasNextChannel()).isFalse();
  }

  @Test
  void aSubmissionNeedsEveryPartAndCopiesItsDeliveries() {
    List<QueuedDelivery> deliveries = new ArrayList<>(List.of(FIRST));
    Submission submission = new Submission(Samples.id(1), NOTIFICATION, Samples.NOON, deliveries);
    deliveries.clear();
    assertThat(submission.deliveries()).containsExactly(FIRST);
    assertThatNullPointerException()
        .isThrownBy(() -> new Submission(null, NOTIFICATION, Samples.NOON, deliveries))
        .withMessage("id");
    assertThatNullPointerException()
        .isThrownBy(() -> new Submission(Samples.id(1), null, Samples.NOON, deliveries))
        .withMessage("notification");
    assertThatNullPointerException()
        .isThrownBy(() -> new Submission(Samples.id(1), NOTIFICATION, null, deliveries))
        .withMessage("acceptedAt");
  }

  @Test
  void aDeliveryNeedsANotification() {
    assertThatNullPointerException()
        .isThrownBy(() -> QueuedDelivery.first(ID, null, Samples.NOON))
        .withMessage("notification");
  }
}
