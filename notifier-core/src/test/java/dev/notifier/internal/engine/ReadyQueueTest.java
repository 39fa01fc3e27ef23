package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queue against one that is known to be right: rising keys, and some that are not. */
class ReadyQueueTest {
  private static final int CLASSES = 3;

  private record Entry(long key, int serial) {}

  private final ReadyQueue<Entry> queue = new ReadyQueue<>(CLASSES);
  private final PriorityQueue<Entry> model =
      new PriorityQueue<>(Comparator.comparingLong(Entry::key).thenComparing(Entry::serial));
  private int serial;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomOperationsAgreeWithAPriorityQueue(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      operate(random, i);
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
      if (!model.isEmpty()) {
        assertThat(queue.least()).isEqualTo(model.element());
      }
    }
    while (!model.isEmpty()) {
      popBoth();
    }
    assertThat(queue.isEmpty()).isTrue();
  }

  private void operate(Random random, int step) {
    int choice = random.nextInt(100);
    boolean growing = step / 2000 % 2 == 0;
    if (model.isEmpty() || choice < (growing ? 60 : 35)) {
      push(random.nextInt(CLASSES), random.nextInt(10) == 0 ? uniqueKey(random) : risingKey(step));
    } else if (choice < 95) {
      popBoth();
    } else if (choice < 98) {
      popGreatestOfBoth();
    } else {
      removeSome(random.nextInt(7));
    }
  }

  /** Keys differ, as a lane's do, so that both must agree on every entry; some are negative. */
  private long uniqueKey(Random random) {
    return (((long) random.nextInt(2000) - 1000) << 24) | serial;
  }

  private long risingKey(int step) {
    return ((step / 100L) << 24) | serial;
  }

  private void push(int itsClass, long key) {
    Entry entry = new Entry(key, serial++);
    queue.push(itsClass, key, entry);
    model.add(entry);
  }

  private void popBoth() {
    assertThat(queue.least()).isEqualTo(model.element());
    assertThat(queue.pop()).isEqualTo(model.remove());
  }

  private void popGreatestOfBoth() {
    Entry greatest = model.stream().max(model.comparator()).orElseThrow();
    assertThat(queue.greatestKey()).isEqualTo(greatest.key());
    assertThat(queue.popGreatest()).isEqualTo(greatest);
    model.remove(greatest);
  }

  private void removeSome(int remainder) {
    int before = model.size();
    model.removeIf(entry -> entry.serial() % 7 == remainder);
    assertThat(queue.removeIf(entry -> entry.serial() % 7 == remainder))
        .isEqualTo(before - model.size());
  }

  @Test
  void extremeKeysAreOrdered() {
    for (long key : new long[] {0, Long.MAX_VALUE, -1, Long.MIN_VALUE, 1}) {
      push(0, key);
    }

    List<Long> keys = new ArrayList<>();
    while (!queue.isEmpty()) {
      keys.add(queue.pop().key());
    }

    assertThat(keys).containsExactly(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
  }

  @Test
  void theGreatestOfOneIsTheLeast() {
    push(1, 7);

    assertThat(queue.greatestKey()).isEqualTo(7);
    assertThat(queue.popGreatest().key()).isEqualTo(7);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void everythingCanBeRemovedAndTheQueueUsedAgain() {
    for (int i = 0; i < 100; i++) {
      push(i % CLASSES, i);
    }

    assertThat(queue.removeIf(entry -> true)).isEqualTo(100);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.removeIf(entry -> true)).isZero();

    queue.push(0, 5, new Entry(5, 0));
    assertThat(queue.pop().key()).isEqualTo(5);
  }
}
