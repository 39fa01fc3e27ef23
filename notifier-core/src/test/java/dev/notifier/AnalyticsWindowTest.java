package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnalyticsWindowTest {
  private static final Instant NOON = Samples.NOON;

  @Test
  void aWindowIncludesItsBeginningAndNotItsEnd() {
    AnalyticsWindow window = AnalyticsWindow.between(NOON, NOON.plusSeconds(1));

    assertThat(window.includes(NOON.minusMillis(1))).isFalse();
    assertThat(window.includes(NOON)).isTrue();
    assertThat(window.includes(NOON.plusMillis(999))).isTrue();
    assertThat(window.includes(NOON.plusSeconds(1))).isFalse();
    assertThat(window.includes(ChannelId.of("sms"))).isTrue();
    assertThat(window.channel("email").includes(ChannelId.of("sms"))).isFalse();
  }

  @Test
  void timesAreCutToMilliseconds() {
    AnalyticsWindow window =
        AnalyticsWindow.between(NOON.plusNanos(999_999), NOON.plusNanos(1_999_999));
    assertThat(window.from()).isEqualTo(NOON);
    assertThat(window.to()).isEqualTo(NOON.plusMillis(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, -1_000_000_000, 999_999})
  void aWindowWithoutLengthIsRefused(long nanos) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnalyticsWindow.between(NOON, NOON.plusNanos(nanos)))
        .withMessageStartingWith("from must be before to by a millisecond at least, but from was ")
        .withMessageContaining(NOON.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "-1000000000-01-01T00:00:00Z, 2026-01-01T00:00:00Z, from",
    "1969-12-31T23:59:59Z, 2026-01-01T00:00:00Z, from",
    "2026-01-01T00:00:00Z, +1000000000-12-31T23:59:59Z, to"
  })
  void timesThatNoCalendarNeedsAreRefused(String from, String to, String which) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AnalyticsWindow.between(Instant.parse(from), Instant.parse(to)))
        .withMessageStartingWith(which + " must be within the years 1970 to 9999, but was ");
  }

  @Test
  void aBadChannelOrNumberOfReasonsIsRefused() {
    AnalyticsWindow window = AnalyticsWindow.between(NOON, NOON.plusSeconds(1));
    assertThatExceptionOfType(InvalidNotificationException.class)
        .isThrownBy(() -> window.channel("x' OR '1'='1"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> window.maxReasons(-1))
        .withMessage("maxReasons must be from 0 to 100, but was -1");
    assertThatIllegalArgumentException().isThrownBy(() -> window.maxReasons(101));
    assertThat(window.maxReasons(100).channel("sms").maxReasons()).isEqualTo(100);
  }

  @Test
  void aWindowSaysWhatItIs() {
    AnalyticsWindow window = AnalyticsWindow.between(NOON, NOON.plusSeconds(1));
    assertThat(window).hasToString("AnalyticsWindow[" + NOON + " to " + NOON.plusSeconds(1) + "]");
    assertThat(window.channel("sms").toString()).endsWith(", channel=sms]");
  }

  @Test
  void ratesHaveTheDenominatorsThatTheyState() {
    DeliveryCounts counts =
        new DeliveryCounts(
            Map.of(
                DeliveryStatus.QUEUED, 5L,
                DeliveryStatus.SENT, 4L,
                DeliveryStatus.DELIVERED, 3L,
                DeliveryStatus.BOUNCED, 1L,
                DeliveryStatus.FAILED, 1L,
                DeliveryStatus.EXPIRED, 1L,
                DeliveryStatus.CANCELLED, 7L,
                DeliveryStatus.SUPPRESSED, 9L,
                DeliveryStatus.SENDING, 0L),
            Duration.ofSeconds(16));

    assertThat(counts.accepted()).isEqualTo(31);
    assertThat(counts.waiting()).isEqualTo(5);
    assertThat(counts.sent()).isEqualTo(8);
    assertThat(counts.deliveryRate()).hasValue(0.7);
    assertThat(counts.failureRate()).hasValue(0.3);
    assertThat(counts.confirmationRate()).hasValue(0.375);
    assertThat(counts.bounceRate()).hasValue(0.125);
    assertThat(counts.averageTime()).hasValue(Duration.ofSeconds(2));
    assertThat(counts.byStatus()).doesNotContainKey(DeliveryStatus.SENDING);
    assertThat(counts.plus(DeliveryCounts.NONE)).isEqualTo(counts);
    assertThat(counts.plus(counts).sent()).isEqualTo(16);
    assertThat(counts.plus(counts).deliveryRate()).hasValue(0.7);
  }

  @Test
  void whereNothingWasThereIsNoRate() {
    assertThat(DeliveryCounts.NONE.deliveryRate()).isEmpty();
    assertThat(DeliveryCounts.NONE.failureRate()).isEmpty();
    assertThat(DeliveryCounts.NONE.confirmationRate()).isEmpty();
    assertThat(DeliveryCounts.NONE.bounceRate()).isEmpty();
    assertThat(DeliveryCounts.NONE.averageTime()).isEmpty();
  }
}
