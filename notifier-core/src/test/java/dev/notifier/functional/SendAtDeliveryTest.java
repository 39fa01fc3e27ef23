package dev.notifier.functional;

import static dev.notifier.functional.Stage.byEmail;
import static dev.notifier.functional.Stage.byEmailOrSms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Receipt;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is to be sent at a later time. */
@ExtendWith(QuietLog.class)
class SendAtDeliveryTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Instant IN_AN_HOUR = StandingClock.START.plus(HOUR);

  private final Stage stage = Stage.open();

  @Test
  void itIsSentAtItsTimeAndNotBefore() {
    Receipt receipt = stage.send(byEmail("later").sendAt(IN_AN_HOUR));
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SCHEDULED);
    assertThat(stage.delivery(receipt).nextAttempt()).hasValue(IN_AN_HOUR);

    stage.advance(HOUR.minusMillis(1));
    assertThat(stage.email.calls()).isEmpty();
    stage.advance(Duration.ofMillis(1));

    assertThat(stage.email.times()).containsExactly(HOUR);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void whatIsDueNowIsNotHeldUpByIt() {
    stage.send(byEmail("later").sendAt(IN_AN_HOUR));
    stage.send(byEmail("now"));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("now");
  }

  @Test
  void itsLifeBeginsAtItsTime() {
    stage.email.always(Stage.BUSY);
    Receipt receipt =
        stage.send(byEmail("later").sendAt(IN_AN_HOUR).expiresAfter(Duration.ofSeconds(5)));
    stage.runToTheEnd();

    assertThat(stage.email.times()).containsExactly(HOUR);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
  }

  @Test
  void itsTimeWithTheFirstChannelBeginsThenToo() {
    stage.email.always(Stage.BUSY);
    stage.send(byEmailOrSms("later").sendAt(IN_AN_HOUR).fallbackAfter(Duration.ofSeconds(5)));
    stage.runToTheEnd();

    assertThat(stage.sms.times()).containsExactly(HOUR.plusSeconds(5));
  }

  @Test
  void itCanBeCancelledUntilThen() {
    Receipt receipt = stage.send(byEmail("later").sendAt(IN_AN_HOUR));

    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    stage.runToTheEnd();

    assertThat(stage.email.calls()).isEmpty();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.CANCELLED);
  }

  @Test
  void aTimeThatHasJustPassedIsNow() {
    stage.send(byEmail("now").sendAt(StandingClock.START.minusSeconds(59)));
    stage.run();

    assertThat(stage.email.texts()).containsExactly("now");
  }

  @Test
  void aTimeLongPassedIsRefused() {
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> stage.send(byEmail("past").sendAt(StandingClock.START.minusSeconds(61))))
        .withMessage(
            "sendAt must not lie in the past, but was 2025-01-01T11:58:59Z, and it is"
                + " 2025-01-01T12:00:00Z");
  }
}
