package dev.notifier.internal.engine;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A 4-ary min-heap whose keys lie in an array of longs beside the entries, so that sifting compares
 * numbers in one cache line instead of following pointers.
 *
 * <p>Not thread-safe: its lane guards it.
 */
final class DeliveryHeap<E> {
  private static final int ARITY = 4;

  private long[] keys;
  private @Nullable Object[] entries;
  private int size;

  DeliveryHeap(int initialCapacity) {
    keys = new long[initialCapacity];
    entries = new Object[initialCapacity];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns the least key; the heap must not be empty. */
  long leastKey() {
    return keys[0];
  }

  /** Returns the entry of the least key; the heap must not be empty. */
  E least() {
    return entry(0);
  }

  void push(long key, E entry) {
    if (size == keys.length) {
      int larger = Math.max(16, size + (size >> 1));
      keys = Arrays.copyOf(keys, larger);
      entries = Arrays.copyOf(entries, larger);
    }
    siftUp(size++, key, entry);
  }

  /** Removes and returns the entry of the least key; the heap must not be empty. */
  E pop() {
    E least = entry(0);
    removeAt(0);
    return least;
  }

  /** Removes and returns the entry of the greatest key; the heap must not be empty. */
  E popGreatest() {
    int greatest = indexOfGreatest();
    E entry = entry(greatest);
    removeAt(greatest);
    return entry;
  }

  /** Returns the greatest key; the heap must not be empty. Looks at every leaf. */
  long greatestKey() {
    return keys[indexOfGreatest()];
  }

  private int indexOfGreatest() {
    int greatest = firstLeaf();
    for (int i = greatest + 1; i < size; i++) {
      if (keys[i] > keys[greatest]) {
        greatest = i;
      }
    }
    return greatest;
  }

  private int firstLeaf() {
    return size < 2 ? 0 : (size - 2) / ARITY + 1;
  }

  /** Removes every entry that matches; returns how many there were. */
  int removeIf(Predicate<E> condition) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (!condition.test(entry(i))) {
        keys[kept] = keys[i];
        entries[kept++] = entries[i];
      }
    }
    int removed = size - kept;
    Arrays.fill(entries, kept, size, null);
    size = kept;
    for (int i = firstLeaf() - 1; i >= 0; i--) {
      siftDown(i, keys[i], entry(i));
    }
    return removed;
  }

  /** Shows every entry, in no order. */
  void forEach(Consumer<E> action) {
    for (int i = 0; i < size; i++) {
      action.accept(entry(i));
    }
  }

  private void removeAt(int index) {
    long lastKey = keys[--size];
    E last = entry(size);
    entries[size] = null;
    if (index == size) {
      return;
    }
    siftDown(index, lastKey, last);
    if (entries[index] == last) {
      siftUp(index, lastKey, last);
    }
  }

  private void siftUp(int start, long key, E entry) {
    int hole = start;
    while (hole > 0) {
      int parent = (hole - 1) / ARITY;
      if (keys[parent] <= key) {
        break;
      }
      keys[hole] = keys[parent];
      entries[hole] = entries[parent];
      hole = parent;
    }
    keys[hole] = key;
    entries[hole] = entry;
  }

  private void siftDown(int start, long key, E entry) {
    int hole = start;
    for (int first = hole * ARITY + 1; first < size; first = hole * ARITY + 1) {
      int least = leastChild(first);
      if (keys[least] >= key) {
        break;
      }
      keys[hole] = keys[least];
      entries[hole] = entries[least];
      hole = least;
    }
    keys[hole] = key;
    entries[hole] = entry;
  }

  private int leastChild(int first) {
    int end = Math.min(first + ARITY, size);
    int least = first;
    for (int child = first + 1; child < end; child++) {
      if (keys[child] < keys[least]) {
        least = child;
      }
    }
    return least;
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // only push writes, and only an E, below size
  private E entry(int index) {
    return (E) entries[index];
  }
}
