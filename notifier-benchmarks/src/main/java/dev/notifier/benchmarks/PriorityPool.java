package dev.notifier.benchmarks;

import dev.notifier.Priority;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one builds without this library: a ThreadPoolExecutor over a PriorityBlockingQueue, which is
 * unbounded unless a semaphore bounds it.
 */
final class PriorityPool {
  private static final Priority[] PRIORITIES = Priority.values();

  private final ThreadPoolExecutor pool;
  private final Semaphore room;
  private final boolean bounded;
  private final Runnable work;
  private final AtomicLong arrivals = new AtomicLong();

  private PriorityPool(int workers, int capacity, boolean bounded, Runnable work) {
    this.pool =
        new ThreadPoolExecutor(
            workers, workers, 0, TimeUnit.SECONDS, new PriorityBlockingQueue<>(64));
    this.pool.prestartAllCoreThreads();
    this.room = new Semaphore(capacity);
    this.bounded = bounded;
    this.work = work;
  }

  static PriorityPool unbounded(int workers, Runnable work) {
    return new PriorityPool(workers, 0, false, work);
  }

  static PriorityPool bounded(int workers, int capacity, Runnable work) {
    return new PriorityPool(workers, capacity, true, work);
  }

  /** Queues a job whose priority follows from its number. */
  void submit(int number) {
    if (bounded) {
      room.acquireUninterruptibly();
    }
    Priority priority = PRIORITIES[number & 3];
    pool.execute(new Job(priority, arrivals.getAndIncrement(), this));
  }

  private void run() {
    if (bounded) {
      room.release();
    }
    work.run();
  }

  /** Waits until all jobs are done. */
  void close() throws InterruptedException {
    pool.shutdown();
    if (!pool.awaitTermination(10, TimeUnit.MINUTES)) {
      throw new IllegalStateException("the pool did not end");
    }
  }

  private record Job(Priority priority, long arrival, PriorityPool pool)
      implements Runnable, Comparable<Job> {
    @Override
    public void run() {
      pool.run();
    }

    @Override
    public int compareTo(Job other) {
      int byPriority = priority.compareTo(other.priority);
      return byPriority != 0 ? byPriority : Long.compare(arrival, other.arrival);
    }
  }
}
