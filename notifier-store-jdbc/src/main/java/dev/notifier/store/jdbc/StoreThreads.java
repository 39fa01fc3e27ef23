package dev.notifier.store.jdbc;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every thread of a store is born, named and stopped here: daemons, a handful whatever the load.
 * Used by one thread at a time.
 */
final class StoreThreads {
  private static final Logger log = LoggerFactory.getLogger(StoreThreads.class);

  private final Map<String, Thread> threads = new LinkedHashMap<>();

  void start(String name, Runnable loop) {
    Thread thread = new Thread(loop, "notifier-store-" + name);
    thread.setDaemon(true);
    threads.put(name, thread);
    thread.start();
  }

  /**
   * Waits for a thread that was told to end, and interrupts it if it takes longer.
   *
   * @return whether it has ended, so that what it used may be used by another
   */
  boolean join(String name, Duration timeout) {
    Thread thread = threads.remove(name);
    if (thread == null) {
      return true;
    }
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(Math.max(1, timeout.toMillis()));
      if (thread.isAlive()) {
        log.warn("thread {} did not end within {}; it is interrupted", thread.getName(), timeout);
        thread.interrupt();
        thread.join(Duration.ofSeconds(1).toMillis());
      }
    } catch (InterruptedException e) {
      interrupted = true;
      thread.interrupt();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
