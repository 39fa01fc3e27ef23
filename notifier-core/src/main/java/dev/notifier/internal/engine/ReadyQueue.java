package dev.notifier.internal.engine;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is due, in the exact order of the keys.
 *
 * <p>The keys of one class nearly always rise, because what is sent later is due later. So each
 * class has a ring to which they are appended, and the least key is at the head of a ring; only
 * what comes out of turn goes into a heap. A heap of all would move ten entries for each that
 * leaves, all over the memory.
 *
 * <p>Not thread-safe: its lane guards it.
 */
final class ReadyQueue<E> {
  private final Ring<E>[] rings;
  private final DeliveryHeap<E> outOfTurn = new DeliveryHeap<>(16);
  private int size;

  /** Creates an empty queue of so many classes. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of generic types
  ReadyQueue(int classes) {
    rings = new Ring[classes];
    Arrays.setAll(rings, any -> new Ring<E>());
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds an entry; the class is only a hint at which keys rise. */
  void push(int itsClass, long key, E entry) {
    if (!rings[itsClass].append(key, entry)) {
      outOfTurn.push(key, entry);
    }
    size++;
  }

  /** Returns the entry of the least key; the queue must not be empty. */
  E least() {
    Ring<E> ring = ringOfLeast();
    return ring == null ? outOfTurn.least() : ring.first();
  }

  /** Removes and returns the entry of the least key; the queue must not be empty. */
  E pop() {
    size--;
    Ring<E> ring = ringOfLeast();
    return ring == null ? outOfTurn.pop() : ring.removeFirst();
  }

  /** Returns the ring whose head is the least of all; null if that is in the heap. */
  private @Nullable Ring<E> ringOfLeast() {
    Ring<E> best = null;
    for (Ring<E> ring : rings) {
      if (!ring.isEmpty() && (best == null || ring.firstKey() < best.firstKey())) {
        best = ring;
      }
    }
    boolean heapIsLess =
        !outOfTurn.isEmpty() && (best == null || outOfTurn.leastKey() < best.firstKey());
    return heapIsLess ? null : best;
  }

  /** Returns the greatest key; the queue must not be empty. */
  long greatestKey() {
    Ring<E> ring = ringOfGreatest();
    return ring == null ? outOfTurn.greatestKey() : ring.lastKey();
  }

  /** Removes and returns the entry of the greatest key; the queue must not be empty. */
  E popGreatest() {
    size--;
    Ring<E> ring = ringOfGreatest();
    return ring == null ? outOfTurn.popGreatest() : ring.removeLast();
  }

  private @Nullable Ring<E> ringOfGreatest() {
    Ring<E> best = null;
    for (Ring<E> ring : rings) {
      if (!ring.isEmpty() && (best == null || ring.lastKey() > best.lastKey())) {
        best = ring;
      }
    }
    boolean heapIsGreater =
        !outOfTurn.isEmpty() && (best == null || outOfTurn.greatestKey() > best.lastKey());
    return heapIsGreater ? null : best;
  }

  /** Removes every entry that matches; returns how many there were. */
  int removeIf(Predicate<E> condition) {
    int removed = outOfTurn.removeIf(condition);
    for (Ring<E> ring : rings) {
      removed += ring.removeIf(condition);
    }
    size -= removed;
    return removed;
  }

  /** Shows every entry, in no order. */
  void forEach(Consumer<E> action) {
    outOfTurn.forEach(action);
    for (Ring<E> ring : rings) {
      ring.forEach(action);
    }
  }

  /** Entries of rising keys. */
  private static final class Ring<E> {
    private long[] keys = new long[16];
    private @Nullable Object[] entries = new Object[16];
    private int head;
    private int size;

    boolean isEmpty() {
      return size == 0;
    }

    long firstKey() {
      return keys[head];
    }

    long lastKey() {
      return keys[index(size - 1)];
    }

    E first() {
      return entry(head);
    }

    /** Adds an entry at the end; false if its key does not belong there. */
    boolean append(long key, E entry) {
      if (size > 0 && key < lastKey()) {
        return false;
      }
      if (size == keys.length) {
        grow();
      }
      int end = index(size++);
      keys[end] = key;
      entries[end] = entry;
      return true;
    }

    private void grow() {
      int larger = size + (size >> 1);
      int untilEnd = size - head;
      long[] moreKeys = Arrays.copyOfRange(keys, head, head + larger);
      System.arraycopy(keys, 0, moreKeys, untilEnd, head);
      Object[] moreEntries = Arrays.copyOfRange(entries, head, head + larger);
      System.arraycopy(entries, 0, moreEntries, untilEnd, head);
      keys = moreKeys;
      entries = moreEntries;
      head = 0;
    }

    E removeFirst() {
      E first = entry(head);
      entries[head] = null;
      head = index(1);
      size--;
      return first;
    }

    E removeLast() {
      int end = index(--size);
      E last = entry(end);
      entries[end] = null;
      return last;
    }

    int removeIf(Predicate<E> condition) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        int from = index(i);
        if (!condition.test(entry(from))) {
          int to = index(kept++);
          keys[to] = keys[from];
          entries[to] = entries[from];
        }
      }
      int removed = size - kept;
      for (int i = kept; i < size; i++) {
        entries[index(i)] = null;
      }
      size = kept;
      return removed;
    }

    void forEach(Consumer<E> action) {
      for (int i = 0; i < size; i++) {
        action.accept(entry(index(i)));
      }
    }

    private int index(int offset) {
      int index = head + offset;
      return index < keys.length ? index : index - keys.length;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // only append writes, and only an E, within size
    private E entry(int index) {
      return (E) entries[index];
    }
  }
}
