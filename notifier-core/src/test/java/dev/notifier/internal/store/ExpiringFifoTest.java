package dev.notifier.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ExpiringFifoTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final ExpiringFifo<String, Integer> fifo = new ExpiringFifo<>(3, MINUTE, clock::millis);

  @Test
  void theFirstValueOfAKeyStays() {
    assertThat(fifo.putIfAbsent("a", 1)).isEmpty();
    assertThat(fifo.putIfAbsent("a", 2)).contains(1);
    assertThat(fifo.get("a")).contains(1);
    assertThat(fifo.get("b")).isEmpty();
  }

  @Test
  void theOldestGoesFirstHoweverOftenItIsRead() {
    fifo.putIfAbsent("a", 1);
    fifo.putIfAbsent("b", 2);
    fifo.putIfAbsent("c", 3);
    assertThat(fifo.get("a")).contains(1);
    assertThat(fifo.putIfAbsent("a", 9)).contains(1);
    fifo.putIfAbsent("d", 4);
    assertThat(fifo.get("a")).isEmpty();
    assertThat(fifo.newest(9)).containsExactly(4, 3, 2);
  }

  @Test
  void anEntryLivesExactlyAsLongAsSaid() {
    fifo.putIfAbsent("a", 1);
    clock.advance(MINUTE.minusMillis(1));
    fifo.putIfAbsent("b", 2);
    assertThat(fifo.get("a")).contains(1);
    clock.advance(Duration.ofMillis(1));
    assertThat(fifo.get("a")).isEmpty();
    assertThat(fifo.newest(9)).containsExactly(2);
    assertThat(fifo.putIfAbsent("a", 3)).as("an expired key is free again").isEmpty();
  }

  @Test
  void theNewestComeFirstAndNoMoreThanAsked() {
    assertThat(fifo.newest(2)).isEmpty();
    fifo.putIfAbsent("a", 1);
    fifo.putIfAbsent("b", 2);
    fifo.putIfAbsent("c", 3);
    assertThat(fifo.newest(2)).containsExactly(3, 2);
    assertThat(fifo.newest(0)).isEmpty();
    assertThat(fifo.newest(Integer.MAX_VALUE)).containsExactly(3, 2, 1);
  }

  @Test
  void whatIsRemovedIsGone() {
    fifo.putIfAbsent("a", 1);
    assertThat(fifo.remove("a")).isTrue();
    assertThat(fifo.remove("a")).isFalse();
    assertThat(fifo.putIfAbsent("a", 2)).isEmpty();
  }

  @Test
  void aClockThatIsSetBackKeepsEntriesLongerAndBreaksNothing() {
    fifo.putIfAbsent("a", 1);
    clock.advance(Duration.ofHours(-1));
    fifo.putIfAbsent("b", 2);
    clock.advance(MINUTE);
    assertThat(fifo.get("a")).contains(1);
    clock.advance(Duration.ofHours(1));
    assertThat(fifo.newest(9)).isEmpty();
  }

  @Test
  void ofManyThreadsOneGetsEachKeyAndTheBoundHolds() throws Exception {
    ExpiringFifo<Integer, Integer> shared = new ExpiringFifo<>(1000, MINUTE, clock::millis);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Integer>> rivals = new ArrayList<>();
      for (int rival = 0; rival < 4; rival++) {
        rivals.add(
            () -> {
              int won = 0;
              for (int key = 0; key < 900; key++) {
                won += shared.putIfAbsent(key, key).isEmpty() ? 1 : 0;
              }
              return won;
            });
      }
      int won = 0;
      for (Future<Integer> each : threads.invokeAll(rivals)) {
        won += each.get();
      }
      assertThat(won).isEqualTo(900);
      assertThat(shared.newest(Integer.MAX_VALUE)).hasSize(900);
    } finally {
      threads.shutdownNow();
    }
  }
}
