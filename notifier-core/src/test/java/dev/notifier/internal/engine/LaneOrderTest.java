package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Priority;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaneOrderTest {
  private static final long NOW = 1_735_732_800_000L; // 2025-01-01T12:00:00Z
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final LaneOrder order = new LaneOrder(NOW);

  private long key(Priority priority, long dueMillis) {
    return order.arrive(order.rank(priority, dueMillis));
  }

  @Test
  void criticalComesBeforeEverythingHoweverLateItIs() {
    long critical = key(Priority.CRITICAL, NOW + 365 * DAY);

    assertThat(critical).isLessThan(key(Priority.HIGH, NOW - 60 * DAY));
    assertThat(critical).isLessThan(key(Priority.LOW, 0));
  }

  @Test
  void theOffsetsAreOneMinuteEarlyAndFiveMinutesLate() {
    assertThat(key(Priority.HIGH, NOW + 59_999)).isLessThan(key(Priority.NORMAL, NOW));
    assertThat(key(Priority.HIGH, NOW + 60_001)).isGreaterThan(key(Priority.NORMAL, NOW));
    assertThat(key(Priority.LOW, NOW - 299_999)).isGreaterThan(key(Priority.NORMAL, NOW));
    assertThat(key(Priority.LOW, NOW - 300_001)).isLessThan(key(Priority.NORMAL, NOW));
  }

  @ParameterizedTest
  @EnumSource(Priority.class)
  void equalsLeaveInTheOrderOfArrival(Priority priority) {
    long last = key(priority, NOW);
    for (int i = 0; i < 1000; i++) {
      long next = key(priority, NOW);
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @ParameterizedTest
  @EnumSource(Priority.class)
  void whatIsPutBackComesBeforeItsEqualsButNotBeforeWhatIsDueEarlier(Priority priority) {
    long earlier = key(priority, NOW - 1);
    long equal = key(priority, NOW);

    assertThat(order.rank(priority, NOW)).isLessThan(equal).isGreaterThan(earlier);
  }

  @Test
  void aDelayKeyGivesItsTimeBack() {
    for (long due : new long[] {NOW, NOW + 1, NOW - 30 * DAY, NOW + 6000 * DAY, NOW + 12_345}) {
      assertThat(order.dueMillis(order.delayKey(due))).isEqualTo(due);
    }
  }

  @Test
  void whatIsDueLongAgoIsDueStill() {
    assertThat(order.dueMillis(order.delayKey(NOW - 31 * DAY))).isLessThanOrEqualTo(NOW);
    assertThat(order.dueMillis(order.delayKey(0))).isLessThanOrEqualTo(NOW);
    assertThat(key(Priority.NORMAL, NOW - 31 * DAY)).isLessThan(key(Priority.NORMAL, NOW));
  }

  @Test
  void theFarFutureIsNotThePast() {
    long far = order.delayKey(Long.MAX_VALUE);

    assertThat(far).isPositive().isGreaterThan(order.delayKey(NOW + 6000 * DAY));
    assertThat(order.dueMillis(far)).isGreaterThan(NOW + 6000 * DAY);
    assertThat(key(Priority.LOW, Long.MAX_VALUE - 300_000))
        .as("no overflow into the class of CRITICAL")
        .isPositive();
  }

  @Test
  void aClockThatWasSetBackKeepsTheOrder() {
    long before = key(Priority.NORMAL, NOW);
    long afterwards = key(Priority.NORMAL, NOW - DAY);

    assertThat(afterwards).as("by due time, as it now is").isLessThan(before);
    assertThat(order.dueMillis(order.delayKey(NOW - DAY + 10_000))).isEqualTo(NOW - DAY + 10_000);
  }
}
