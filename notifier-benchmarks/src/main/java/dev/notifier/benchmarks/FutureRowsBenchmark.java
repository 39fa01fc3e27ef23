package dev.notifier.benchmarks;

import dev.notifier.Priority;
import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.benchmarks.DurableRounds.Figure;
import dev.notifier.benchmarks.DurableRounds.Role;
import dev.notifier.store.jdbc.MeasuredClaim;
import java.time.Duration;
import java.util.List;

/** Claims with and without a million rows of the highest class that are due later (B7). */
final class FutureRowsBenchmark {
  private static final int DUE = 50_000;
  private static final int LIMIT = 100;
  private static final int CLAIMS = 50;
  private final JdbcBenchmark benchmark;

  FutureRowsBenchmark(JdbcBenchmark benchmark) {
    this.benchmark = benchmark;
  }

  void run(int future) throws Exception {
    try (Database without = benchmark.server().create();
        Database with = benchmark.server().create();
        NotifierQueue empty = new NotifierQueue(without, number -> {});
        NotifierQueue full = new NotifierQueue(with, number -> {})) {
      empty.preload(DUE, Priority.HIGH, Duration.ZERO);
      full.preload(future, Priority.CRITICAL, Duration.ofDays(1));
      full.preload(DUE, Priority.HIGH, Duration.ZERO);
      DurableRounds.ofTimes("b7 " + without.kind() + ", a claim of " + LIMIT + " in each class", "")
          .add("without future rows", Role.PEER, () -> claim(empty))
          .add("with " + future, Role.OURS, () -> claim(full))
          .run(benchmark.rounds());
    }
  }

  private Figure claim(NotifierQueue queue) throws Exception {
    MeasuredClaim claim = new MeasuredClaim(queue.pool());
    Figure figure = benchmark.measured(CLAIMS, () -> claim.claimAndUndo(CLAIMS, LIMIT));
    return figure.withValues(List.of(1000 / figure.values().get(0)));
  }
}
