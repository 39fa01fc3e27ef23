package dev.notifier.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Many threads that do the same thing, starting together. */
final class Crowd {
  /** What one of the threads does. */
  @FunctionalInterface
  interface Task<T> {
    /** Does it as the thread with this number, from 0. */
    T call(int thread) throws Exception;
  }

  private Crowd() {}

  /**
   * Runs a task on this many threads.
   *
   * @return what each returned, in the order of their numbers
   * @throws java.util.concurrent.ExecutionException if one of them threw
   * @throws java.util.concurrent.TimeoutException if they have not all ended after {@code patience}
   */
  static <T> List<T> run(int threads, Duration patience, Task<T> task) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads, Crowd::daemon);
    try {
      CyclicBarrier start = new CyclicBarrier(threads);
      List<Future<T>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        futures.add(
            executor.submit(
                () -> {
                  start.await();
                  return task.call(number);
                }));
      }
      return results(futures, System.nanoTime() + patience.toNanos());
    } finally {
      executor.shutdownNow();
    }
  }

  private static <T> List<T> results(List<Future<T>> futures, long deadline) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
    }
    return results;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "contract");
    thread.setDaemon(true);
    return thread;
  }
}
