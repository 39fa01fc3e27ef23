package dev.notifier.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Threads that do a share of the work each. */
final class Load {
  private Load() {}

  /** Starts so many threads that run the same loop. */
  static List<Thread> start(int threads, Runnable loop) {
    List<Thread> started = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(loop);
      started.add(thread);
      thread.start();
    }
    return started;
  }

  /** Runs the action for each number below {@code jobs}, shared out among so many threads. */
  static void produce(int threads, int jobs, IntConsumer action) throws InterruptedException {
    List<Thread> producers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int first = i;
      producers.addAll(
          start(
              1,
              () -> {
                for (int job = first; job < jobs; job += threads) {
                  action.accept(job);
                }
              }));
    }
    join(producers);
  }

  /** Waits for all of them. */
  static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
