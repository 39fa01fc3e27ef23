package dev.notifier.functional;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to deliveries in a recipient's quiet hours. The clock starts at noon, UTC. */
@ExtendWith(QuietLog.class)
class QuietHoursDeliveryTest {
  private static final Duration END = Duration.ofHours(2);

  private final Stage stage = Stage.open();

  private static Notification.Builder toQuietAda() {
    return Notification.to(
            Stage.ada().quietHours(ZoneId.of("UTC"), LocalTime.of(11, 0), LocalTime.of(14, 0)))
        .text("hello");
  }

  @Test
  void aDeliveryWaitsForTheirEnd() {
    Receipt receipt = stage.send(toQuietAda().via("email"));
    stage.run();
    assertThat(stage.delivery(receipt).reason())
        .isEqualTo("the recipient's quiet hours last until 2025-01-01T14:00:00Z");
    assertThat(stage.delivery(receipt).attempts()).isEmpty();
    stage.runToTheEnd();
    assertThat(stage.email.times()).containsExactly(END);
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void whatIsCriticalIsSentAtOnce() {
    stage.send(toQuietAda().via("email").priority(Priority.CRITICAL));
    stage.run();
    assertThat(stage.email.times()).containsExactly(Duration.ZERO);
  }

  @Test
  void aRetryWaitsToo() {
    stage.clock.set(StandingClock.START.minus(Duration.ofMinutes(60).plusSeconds(5)));
    stage.email.then(Stage.BUSY);
    stage.send(toQuietAda().via("email"));
    stage.runToTheEnd();
    assertThat(stage.email.times()).containsExactly(Duration.ofSeconds(-3605), END);
  }

  /**
   * Else the night would use up the time of the first channel, and only the last one would ring.
   */
  @Test
  void theTimeOfAChannelBeginsAfterThem() {
    stage.email.always(Stage.BUSY);
    stage.send(toQuietAda().via("email").orElse("sms").fallbackAfter(Duration.ofMinutes(1)));
    stage.runToTheEnd();
    assertThat(stage.email.times().get(0)).isEqualTo(END);
    assertThat(stage.sms.times()).containsExactly(END.plusMinutes(1));
  }

  @Test
  void whatWouldExpireInThemExpiresAtOnce() {
    Receipt receipt = stage.send(toQuietAda().via("email").expiresAfter(END));
    stage.run();
    assertThat(stage.status(receipt)).isEqualTo(DeliveryStatus.EXPIRED);
    assertThat(stage.delivery(receipt).reason()).contains("quiet hours");
    Receipt longer = stage.send(toQuietAda().via("email").expiresAfter(END.plusMillis(1)));
    stage.runToTheEnd();
    assertThat(stage.status(longer)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void itCanBeCancelledInThem() {
    Receipt receipt = stage.send(toQuietAda().via("email"));
    stage.run();
    assertThat(stage.notifier.cancel(receipt.id())).isTrue();
    stage.runToTheEnd();
    assertThat(stage.email.calls()).isEmpty();
  }
}
