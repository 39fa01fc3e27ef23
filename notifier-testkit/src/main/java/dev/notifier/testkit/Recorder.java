package dev.notifier.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A list that grows from any thread, and whose growth can be waited for. Thread-safe. */
final class Recorder<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<T> items = new ArrayList<>(); // Guarded by lock.

  void add(T item) {
    lock.lock();
    try {
      items.add(item);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<T> items() {
    lock.lock();
    try {
      return List.copyOf(items);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the items of a type, in the order in which they came. */
  <E extends T> List<E> items(Class<E> type) {
    return items().stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** Waits until there are at least this many items of a type, and returns all of that type. */
  <E extends T> List<E> await(Class<E> type, int count, Duration patience)
      throws InterruptedException {
    lock.lock();
    try {
      long remaining = patience.toNanos();
      while (items(type).size() < count && remaining > 0) {
        remaining = grown.awaitNanos(remaining);
      }
      return atLeast(count, items(type), type, patience);
    } finally {
      lock.unlock();
    }
  }

  private static <E> List<E> atLeast(int count, List<E> found, Class<E> type, Duration patience) {
    if (found.size() < count) {
      throw new AssertionError(
          "waited "
              + patience
              + " for "
              + count
              + " of "
              + type.getSimpleName()
              + ", but only "
              + found.size()
              + " came: "
              + found);
    }
    return found;
  }
}
