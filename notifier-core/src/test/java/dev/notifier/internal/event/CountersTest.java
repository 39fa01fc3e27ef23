package dev.notifier.internal.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelStats.Event;
import dev.notifier.Samples;
import org.junit.jupiter.api.Test;

class CountersTest {
  private final Counters counters = new Counters();

  @Test
  void everythingStartsAtZero() {
    assertThat(counters.snapshot()).containsOnlyKeys(Event.values()).containsValue(0L);
    assertThat(counters.snapshot().values()).allMatch(count -> count == 0);
    assertThat(counters.lastAccepted()).isEmpty();
  }

  @Test
  void eachEventIsCountedByItself() {
    counters.count(Event.RETRIED);
    counters.count(Event.RETRIED);
    counters.count(Event.FAILED);
    assertThat(counters.snapshot())
        .containsEntry(Event.RETRIED, 2L)
        .containsEntry(Event.FAILED, 1L)
        .containsEntry(Event.SENT, 0L);
  }

  @Test
  void anAcceptanceIsCountedAndDated() {
    counters.countSent(Samples.NOON);
    assertThat(counters.snapshot()).containsEntry(Event.SENT, 1L);
    assertThat(counters.lastAccepted()).contains(Samples.NOON);
  }

  @Test
  void aSnapshotStaysAsItIs() {
    var snapshot = counters.snapshot();
    counters.count(Event.SENT);
    assertThat(snapshot).containsEntry(Event.SENT, 0L);
  }
}
