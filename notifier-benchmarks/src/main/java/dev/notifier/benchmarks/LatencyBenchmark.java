package dev.notifier.benchmarks;

import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.benchmarks.DurableRounds.Figure;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** The time from the call that accepts a job to the start of its handler, at a given rate (B4). */
final class LatencyBenchmark {
  private static final int SENDERS = 4;
  private final JdbcBenchmark benchmark;

  LatencyBenchmark(JdbcBenchmark benchmark) {
    this.benchmark = benchmark;
  }

  void run(int seconds) throws Exception {
    for (int rate : new int[] {500, 5000}) {
      for (double percentile : new double[] {50, 99}) {
        String title =
            String.format(
                Locale.ROOT, "b4 %s, %,d/s, p%.0f", benchmark.server().kind(), rate, percentile);
        benchmark
            .withPeers(
                DurableRounds.ofTimes(title),
                queue -> () -> latency(queue, rate, rate * seconds, percentile))
            .run(benchmark.rounds());
      }
    }
  }

  private Figure latency(JdbcBenchmark.Opening opening, int rate, int count, double percentile)
      throws Exception {
    AtomicLongArray times = new AtomicLongArray(count);
    try (Database database = benchmark.server().create();
        DurableQueue queue =
            opening.apply(database, job -> times.addAndGet(job, System.nanoTime()))) {
      queue.start();
      Figure figure =
          benchmark.measured(
              count,
              () -> {
                sendAtRate(queue, times, rate, count);
                queue.awaitDone(count);
              });
      return figure.withValue(percentile(times, percentile));
    }
  }

  private static void sendAtRate(DurableQueue queue, AtomicLongArray times, int rate, int count)
      throws InterruptedException {
    long start = System.nanoTime();
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    Load.produce(
        SENDERS,
        count,
        job -> {
          for (long left = start + job * gap - System.nanoTime();
              left > 0;
              left = start + job * gap - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          times.addAndGet(job, -System.nanoTime());
          queue.accept(job);
        });
  }

  private static double percentile(AtomicLongArray times, double percentile) {
    long[] sorted = new long[times.length()];
    Arrays.setAll(sorted, times::get);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * percentile / 100)] / 1e6;
  }
}
