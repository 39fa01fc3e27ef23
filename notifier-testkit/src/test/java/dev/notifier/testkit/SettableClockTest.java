package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettableClockTest {
  private final SettableClock clock = new SettableClock();

  @Test
  void standsStillAtItsStart() {
    assertThat(clock.instant()).isEqualTo(SettableClock.START);
    assertThat(clock.instant()).isEqualTo(SettableClock.START);
  }

  @Test
  void advancesByWhatItIsTold() {
    clock.advance(Duration.ofSeconds(90));

    assertThat(clock.instant()).isEqualTo(SettableClock.START.plusSeconds(90));
  }

  @Test
  void canBeSetBack() {
    Instant earlier = SettableClock.START.minusSeconds(1);

    clock.set(earlier);

    assertThat(clock.instant()).isEqualTo(earlier);
    assertThat(clock).hasToString("SettableClock[2025-01-01T11:59:59Z]");
  }

  @Test
  void refusesToAdvanceBackwards() {
    assertThatThrownBy(() -> clock.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S")
        .hasMessageContaining("set(...)");
  }

  @Test
  void losesNoStepOfManyThreads() throws Exception {
    Crowd.run(
        8,
        Duration.ofSeconds(30),
        thread -> {
          for (int i = 0; i < 1000; i++) {
            clock.advance(Duration.ofSeconds(1));
          }
          return thread;
        });

    assertThat(clock.instant()).isEqualTo(SettableClock.START.plusSeconds(8000));
  }
}
