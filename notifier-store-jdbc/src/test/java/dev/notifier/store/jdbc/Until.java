package dev.notifier.store.jdbc;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what no latch can tell, because it happens in a database or in another process. */
final class Until {
  private Until() {}

  static void holds(Callable<Boolean> condition) throws Exception {
    holds(condition, TestNode.PATIENCE);
  }

  /** Looks every 10 ms; fails after the time. */
  static void holds(Callable<Boolean> condition, Duration patience) throws Exception {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it still does not hold after " + patience);
      }
      LockSupport.parkNanos(10_000_000);
    }
  }
}
