package dev.notifier.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The rule of quiet hours, from 22:00 to 07:00 in Berlin. */
class QuietHoursRulesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant MIDNIGHT = Instant.parse("2025-01-10T23:00:00Z");
  private static final Instant MORNING = Instant.parse("2025-01-11T06:00:00Z");
  private static final SettlementRules RULES =
      new SettlementRules(id -> ChannelPolicy.defaults(), Duration.ofDays(5), () -> 0.5);

  private static Notification.Builder toAda() {
    return Notification.to(
            Recipient.named("ada")
                .address("pager", "1")
                .address("fax", "2")
                .quietHours(BERLIN, LocalTime.of(22, 0), LocalTime.of(7, 0)))
        .text("hello");
  }

  private static QueuedDelivery accepted(Notification.Builder notification, Instant at) {
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(1, 2)), 0);
    return QueuedDelivery.first(id, notification.build(), at);
  }

  private static Optional<Settlement> before(QueuedDelivery delivery, Instant now) {
    return RULES.beforeAttempt(delivery, Optional.empty(), now);
  }

  @ParameterizedTest
  @CsvSource({
    "2025-01-10T21:59+01:00, ",
    "2025-01-10T22:00+01:00, 2025-01-11T07:00+01:00",
    "2025-01-11T06:59+01:00, 2025-01-11T07:00+01:00",
    "2025-01-11T07:00+01:00, ",
    "2025-03-30T01:59+01:00, 2025-03-30T07:00+02:00", // the shortest night of the year
    "2025-10-26T02:30+01:00, 2025-10-26T07:00+01:00", // the longest
  })
  void aDeliveryWaitsForTheEnd(ZonedDateTime now, ZonedDateTime end) {
    Optional<Settlement> verdict =
        before(accepted(toAda().via("pager"), now.toInstant()), now.toInstant());
    assertThat(verdict.map(settlement -> ((Requeued) settlement).due()))
        .isEqualTo(Optional.ofNullable(end).map(ZonedDateTime::toInstant));
  }

  @ParameterizedTest
  @EnumSource(Priority.class)
  void onlyWhatIsCriticalDoesNotWait(Priority priority) {
    QueuedDelivery delivery = accepted(toAda().via("pager").priority(priority), MIDNIGHT);
    assertThat(before(delivery, MIDNIGHT).isEmpty()).isEqualTo(priority == Priority.CRITICAL);
  }

  @Test
  void noAttemptIsBurned() {
    QueuedDelivery delivery = accepted(toAda().via("pager"), MIDNIGHT);
    Requeued again = (Requeued) before(delivery, MIDNIGHT).orElseThrow();
    assertThat(again.cause()).isEqualTo(Cause.DEFERRAL);
    assertThat(again.reason()).contains("quiet hours last until 2025-01-11T06:00:00Z");
  }

  @Test
  void whatExpiresInThemExpiresNow() {
    Duration untilMorning = Duration.between(MIDNIGHT, MORNING);
    QueuedDelivery delivery =
        accepted(toAda().via("pager").orElse("fax").expiresAfter(untilMorning), MIDNIGHT);
    Finished finished = (Finished) before(delivery, MIDNIGHT).orElseThrow();
    assertThat(finished.status()).isEqualTo(DeliveryStatus.EXPIRED);
    assertThat(finished.reason()).contains("quiet hours");
  }

  @Test
  void whatExpiresAfterThemWaits() {
    Duration pastMorning = Duration.between(MIDNIGHT, MORNING).plusMillis(1);
    QueuedDelivery delivery = accepted(toAda().via("pager").expiresAfter(pastMorning), MIDNIGHT);
    assertThat(before(delivery, MIDNIGHT)).containsInstanceOf(Requeued.class);
  }

  @Test
  void aSuppressedAddressIsSkippedWithoutWaiting() {
    Optional<String> objection = Optional.of("the address is suppressed: gone");
    QueuedDelivery delivery = accepted(toAda().via("pager").orElse("fax"), MIDNIGHT);
    Requeued next = (Requeued) RULES.beforeAttempt(delivery, objection, MIDNIGHT).orElseThrow();
    assertThat(next.cause()).isEqualTo(Cause.FALL_BACK);
  }

  @ParameterizedTest
  @CsvSource({
    "NORMAL,   2025-01-10T23:00:00Z, 2025-01-11T06:10:00Z", // its turn came in quiet hours
    "CRITICAL, 2025-01-10T23:00:00Z, 2025-01-10T23:10:00Z",
    "NORMAL,   2025-01-10T20:55:00Z, 2025-01-10T21:05:00Z", // it had a chance before them
    "NORMAL,   2025-01-11T06:00:00Z, 2025-01-11T06:10:00Z",
  })
  void theTimeOfAChannelBeginsAfterThem(Priority priority, Instant since, Instant deadline) {
    Notification.Builder notification =
        toAda().via("pager").orElse("fax").fallbackAfter(Duration.ofMinutes(10)).priority(priority);
    assertThat(SettlementRules.channelDeadline(accepted(notification, since))).contains(deadline);
  }

  @Test
  void whatIsOverdueInThemGoesToTheNextChannelWhichWaits() {
    Instant evening = Instant.parse("2025-01-10T20:55:00Z");
    QueuedDelivery delivery =
        accepted(toAda().via("pager").orElse("fax").fallbackAfter(Duration.ofMinutes(10)), evening);
    Requeued onward = (Requeued) before(delivery, MIDNIGHT).orElseThrow();
    assertThat(onward.cause()).isEqualTo(Cause.FALL_BACK);
    Requeued waits = (Requeued) before(delivery.requeued(onward), MIDNIGHT).orElseThrow();
    assertThat(waits.cause()).isEqualTo(Cause.DEFERRAL);
    assertThat(waits.due()).isEqualTo(MORNING);
  }
}
