package dev.notifier.internal.engine;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every thread of a notifier is born, named and stopped here.
 *
 * <p>They are virtual threads where the running JVM has them (21 or newer), daemon platform threads
 * otherwise. Used by one thread at a time.
 */
final class EngineThreads {
  private static final Logger log = LoggerFactory.getLogger(EngineThreads.class);

  private final List<Thread> threads = new ArrayList<>();

  /** Starts so many threads that run the same loop, named {@code prefix-1} and so on. */
  void start(String prefix, int count, Runnable loop) {
    ThreadFactory factory = factory(prefix + "-");
    for (int i = 0; i < count; i++) {
      Thread thread = factory.newThread(loop);
      threads.add(thread);
      thread.start();
    }
  }

  /**
   * Starts a thread that ends by itself, soon after the lanes have closed, and is not waited for.
   */
  static void startPassing(String name, Runnable work) {
    factory(name + "-").newThread(work).start();
  }

  private static ThreadFactory factory(String prefix) {
    try {
      return virtualThreads(prefix);
    } catch (ReflectiveOperationException e) {
      return platformThreads(prefix); // a JVM before 21
    }
  }

  /** Calls {@code Thread.ofVirtual().name(prefix, 1).factory()}, which Java 17 cannot compile. */
  private static ThreadFactory virtualThreads(String prefix) throws ReflectiveOperationException {
    Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
    Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
    Method name = type.getMethod("name", String.class, long.class);
    return (ThreadFactory) type.getMethod("factory").invoke(name.invoke(builder, prefix, 1L));
  }

  private static ThreadFactory platformThreads(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return loop -> {
      Thread thread = new Thread(loop, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Interrupts every thread that still runs. */
  void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  /** Waits for all threads, at most this long. */
  void join(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (Thread thread : threads) {
      long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
      thread.join(Math.max(millis, 1));
    }
    long alive = threads.stream().filter(Thread::isAlive).count();
    if (alive > 0) {
      log.warn("{} threads did not end within {}: a channel ignores its interrupt", alive, timeout);
    }
  }
}
