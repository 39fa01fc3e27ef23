package dev.notifier.benchmarks;

import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.benchmarks.DurableRounds.Figure;
import java.util.Arrays;
import java.util.List;
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
    for (int rate : new int[] {5000, 500}) { // few would not get everything compiled
      String title = String.format(Locale.ROOT, "b4 %s, %,d/s,", benchmark.server().kind(), rate);
      benchmark
          .withPeers(
              DurableRounds.ofTimes(title, "p50", "p99", "p99.9"),
              queue -> () -> latency(queue, rate, rate * seconds))
          .run(benchmark.rounds());
    }
  }

  private Figure latency(JdbcBenchmark.Opening opening, int rate, int count) throws Exception {
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
      return figure.withValues(percentiles(times));
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

  private static List<Double> percentiles(AtomicLongArray times) {
    long[] sorted = new long[times.length()];
    Arrays.setAll(sorted, times::get);
    Arrays.sort(sorted);
    return List.of(percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 99.9));
  }

  private static double percentile(long[] sorted, double percentile) {
    return sorted[(int) Math.min(sorted.length - 1, sorted.length * percentile / 100)] / 1e6;
  }
}
