package dev.notifier.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the application's interrupts away from H2, which closes the database's file for everybody
 * when a thread is interrupted in the middle of reading or writing it. What a caller asks for is
 * done by a thread that nobody interrupts. Other databases need none of this. Thread-safe.
 */
final class Shield implements AutoCloseable {
  private static final int THREADS = 4;
  private static final long IDLE_SECONDS = 10;

  private final @Nullable ThreadPoolExecutor threads;

  private Shield(@Nullable ThreadPoolExecutor threads) {
    this.threads = threads;
  }

  static Shield against(DatabaseKind kind) {
    if (kind != DatabaseKind.H2) {
      return new Shield(null);
    }
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(), // as long as there are callers, each of whom waits
            work -> {
              Thread thread = new Thread(work, "notifier-store-caller");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return new Shield(threads);
  }

  /** What is asked of the database. */
  interface Work<T> {
    T run() throws SQLException;
  }

  /** Does it, and waits for it whatever interrupts the caller. */
  <T> T call(Work<T> work) throws SQLException {
    if (threads == null) {
      return work.run();
    }
    Future<T> answer = submit(threads, work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException e) {
          interrupted = true; // the database's own time-outs end it
        }
      }
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T> Future<T> submit(ThreadPoolExecutor threads, Work<T> work) {
    try {
      return threads.submit(work::run);
    } catch (RejectedExecutionException e) {
      throw Failures.closed();
    }
  }

  private static SQLException thrown(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof SQLException sql ? sql : new SQLException(failure);
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdown();
    }
  }
}
