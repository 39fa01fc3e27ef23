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

/** The heap against one that is known to be right. */
class DeliveryHeapTest {
  private record Entry(long key, int serial) {}

  private final DeliveryHeap<Entry> heap = new DeliveryHeap<>(2);
  private final PriorityQueue<Entry> model =
      new PriorityQueue<>(Comparator.comparingLong(Entry::key).thenComparing(Entry::serial));
  private int serial;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomOperationsAgreeWithAPriorityQueue(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      operate(random, i);
      assertThat(heap.size()).isEqualTo(model.size());
      assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
      if (!model.isEmpty()) {
        assertThat(heap.leastKey()).isEqualTo(model.element().key());
      }
    }
    while (!model.isEmpty()) {
      popBoth();
    }
    assertThat(heap.isEmpty()).isTrue();
  }

  private void operate(Random random, int step) {
    int choice = random.nextInt(100);
    boolean growing = step / 2000 % 2 == 0;
    if (model.isEmpty() || choice < (growing ? 60 : 35)) {
      push(uniqueKey(random));
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

  private void push(long key) {
    Entry entry = new Entry(key, serial++);
    heap.push(key, entry);
    model.add(entry);
  }

  private void popBoth() {
    assertThat(heap.least()).isEqualTo(model.element());
    assertThat(heap.pop()).isEqualTo(model.remove());
  }

  private void popGreatestOfBoth() {
    Entry greatest = model.stream().max(model.comparator()).orElseThrow();
    assertThat(heap.greatestKey()).isEqualTo(greatest.key());
    assertThat(heap.popGreatest()).isEqualTo(greatest);
    model.remove(greatest);
  }

  private void removeSome(int remainder) {
    int before = model.size();
    model.removeIf(entry -> entry.serial() % 7 == remainder);
    assertThat(heap.removeIf(entry -> entry.serial() % 7 == remainder))
        .isEqualTo(before - model.size());
  }

  @Test
  void extremeKeysAreOrdered() {
    for (long key : new long[] {0, Long.MAX_VALUE, -1, Long.MIN_VALUE, 1}) {
      push(key);
    }

    List<Long> keys = new ArrayList<>();
    while (!heap.isEmpty()) {
      keys.add(heap.pop().key());
    }

    assertThat(keys).containsExactly(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE);
  }

  @Test
  void theGreatestOfOneIsTheLeast() {
    push(7);

    assertThat(heap.greatestKey()).isEqualTo(7);
    assertThat(heap.popGreatest().key()).isEqualTo(7);
    assertThat(heap.isEmpty()).isTrue();
  }

  @Test
  void everythingCanBeRemovedAndTheHeapUsedAgain() {
    for (int i = 0; i < 100; i++) {
      push(i);
    }

    assertThat(heap.removeIf(entry -> true)).isEqualTo(100);
    assertThat(heap.isEmpty()).isTrue();
    assertThat(heap.removeIf(entry -> true)).isZero();

    heap.push(5, new Entry(5, 0));
    assertThat(heap.pop().key()).isEqualTo(5);
  }
}
