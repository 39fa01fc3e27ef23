package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock by which the trust in the lease ends. */
class LeaseClockTest {
  private final AtomicLong monotonic = new AtomicLong(7_000_000_000L);
  private final AtomicLong wall = new AtomicLong(1_700_000_000_000L);
  private final SleeplessClock clock =
      new SleeplessClock(monotonic::get, () -> Instant.ofEpochMilli(wall.get()));

  private Duration after(long monotonicMillis, long wallMillis) {
    long before = clock.getAsLong();
    monotonic.addAndGet(Duration.ofMillis(monotonicMillis).toNanos());
    wall.addAndGet(wallMillis);
    return Duration.ofNanos(clock.getAsLong() - before);
  }

  @Test
  void itGoesOnWhileTheMachineSleeps() {
    assertThat(after(10, 60_000)).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void itGoesOnWhenTheWallClockIsSetBack() {
    assertThat(after(10, -60_000)).isEqualTo(Duration.ofMillis(10));
    assertThat(after(10, 10)).isEqualTo(Duration.ofMillis(10));
  }
}
