package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.notifier.ChannelHealth.Breaker;
import dev.notifier.ChannelHealth.State;
import dev.notifier.ChannelStats.Event;
import dev.notifier.StoreHealth.Lease;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The snapshots that an operator reads. */
class SnapshotsTest {
  private static final ChannelId SMS = ChannelId.of("sms");

  private static ChannelStats stats(Map<Event, Long> counts) {
    return new ChannelStats(1, 2, 3, 4, Duration.ZERO, counts);
  }

  @Test
  void whatNeverHappenedCountsAsZero() {
    ChannelStats stats = stats(Map.of(Event.SENT, 3L));
    assertThat(stats.count(Event.SENT)).isEqualTo(3);
    assertThat(stats.count(Event.FAILED)).isZero();
  }

  @Test
  void aTotalIsTheSumOverAllChannels() {
    NotifierStats stats =
        new NotifierStats(
            Map.of(
                Samples.EMAIL,
                stats(Map.of(Event.SENT, 3L)),
                SMS,
                stats(Map.of(Event.SENT, 4L, Event.FAILED, 1L))),
            5);
    assertThat(stats.total(Event.SENT)).isEqualTo(7);
    assertThat(stats.total(Event.FAILED)).isEqualTo(1);
    assertThat(stats.total(Event.DROPPED)).isZero();
  }

  @Test
  void snapshotsCopyWhatTheyAreGiven() {
    Map<Event, Long> counts = new HashMap<>(Map.of(Event.SENT, 3L));
    ChannelStats stats = stats(counts);
    counts.clear();
    assertThat(stats.count(Event.SENT)).isEqualTo(3);
  }

  private static ChannelHealth health(State state) {
    return new ChannelHealth(
        state, "", Breaker.CLOSED, Optional.empty(), Optional.empty(), 0, Duration.ZERO);
  }

  @ParameterizedTest
  @EnumSource
  void aNotifierIsUpOnlyIfEveryChannelIs(State state) {
    NotifierHealth health =
        new NotifierHealth(
            true, Map.of(Samples.EMAIL, health(State.UP), SMS, health(state)), StoreHealth.up());
    assertThat(health.isUp()).isEqualTo(state == State.UP);
  }

  @Test
  void aClosedNotifierIsNotUp() {
    NotifierHealth closed =
        new NotifierHealth(false, Map.of(SMS, health(State.UP)), StoreHealth.up());
    assertThat(closed.isUp()).isFalse();
  }

  @Test
  void aNotifierIsNotUpIfItsStoreIsNot() {
    StoreHealth down = new StoreHealth(false, "no database", 7, 0, Duration.ZERO, Lease.LOST);
    NotifierHealth health = new NotifierHealth(true, Map.of(SMS, health(State.UP)), down);
    assertThat(health.isUp()).isFalse();
    assertThat(health.isReady()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0, true", "1, 0, 0, false", "0, 1, 0, false", "0, 0, 1, false"})
  void aShutdownIsCleanIfNothingWasLeft(int waiting, int delayed, int interrupted, boolean clean) {
    assertThat(new ShutdownReport(waiting, delayed, interrupted).isClean()).isEqualTo(clean);
  }

  @Test
  void aSuppressionNeedsEveryPart() {
    SuppressionTarget target = SuppressionTarget.parse("pager:7");
    Suppression.Source source = Suppression.Source.MANUAL;
    assertThatNullPointerException()
        .isThrownBy(() -> new Suppression(null, "x", source, Samples.NOON))
        .withMessage("target");
    assertThatNullPointerException()
        .isThrownBy(() -> new Suppression(target, null, source, Samples.NOON))
        .withMessage("reason");
    assertThatNullPointerException()
        .isThrownBy(() -> new Suppression(target, "x", null, Samples.NOON))
        .withMessage("source");
    assertThatNullPointerException()
        .isThrownBy(() -> new Suppression(target, "x", source, null))
        .withMessage("since");
  }
}
