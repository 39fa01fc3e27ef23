package dev.notifier.channel.email;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every connection from time to time, and ends those whose time is up.
 *
 * <p>Sockets know no time-out for a write, none for a reply that comes a byte at a time, and
 * reading with one costs system calls that reading without does not. So one thread, a daemon that
 * lives while there are connections, does this for all of them. Thread-safe.
 */
final class SmtpWatch implements AutoCloseable {
  private static final long LONGEST_PERIOD_MILLIS = 1000;
  private static final long SHORTEST_PERIOD_MILLIS = 5;
  private static final int LOOKS_PER_TIMEOUT = 8;

  /** What is looked at. */
  interface Watched {
    /** Ends itself if its time is up. Must not block. */
    void look();

    /** Ends itself, because the channel is closed. Must not block. */
    void end();
  }

  private final ScheduledThreadPoolExecutor timer;
  private final long periodMillis;
  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ScheduledFuture<?> looking; // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * Creates it.
   *
   * @param name of its thread
   * @param shortestTimeout what is watched ends at most an eighth of this, or a second, too late
   */
  SmtpWatch(String name, Duration shortestTimeout) {
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(1, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    this.periodMillis =
        Math.max(
            SHORTEST_PERIOD_MILLIS,
            Math.min(LONGEST_PERIOD_MILLIS, shortestTimeout.toMillis() / LOOKS_PER_TIMEOUT));
  }

  /** Returns what the thread works for, so that others need none of their own. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** Looks at this from now on; ends it at once if the channel is closed. */
  void add(Watched one) {
    lock.lock();
    try {
      if (!closed) {
        watched.add(one);
        if (looking == null) {
          looking =
              timer.scheduleWithFixedDelay(
                  this::look, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    one.end();
  }

  void remove(Watched one) {
    watched.remove(one);
  }

  private void look() {
    watched.forEach(Watched::look);
    lock.lock();
    try {
      if (watched.isEmpty() && looking != null) {
        looking.cancel(false);
        looking = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends everything that is left, and its thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    timer.shutdownNow();
    watched.forEach(Watched::end);
  }
}
