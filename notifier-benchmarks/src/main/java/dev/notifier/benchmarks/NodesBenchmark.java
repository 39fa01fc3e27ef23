package dev.notifier.benchmarks;

import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.benchmarks.DurableRounds.Figure;
import dev.notifier.benchmarks.DurableRounds.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;

/** Several nodes that drain one database: no collapse, and nothing twice (B8). */
final class NodesBenchmark {
  private final JdbcBenchmark benchmark;

  NodesBenchmark(JdbcBenchmark benchmark) {
    this.benchmark = benchmark;
  }

  void run(int count) throws Exception {
    DurableRounds comparison = DurableRounds.ofRates("b8 " + benchmark.server().kind());
    comparison.add("1 node", Role.PEER, () -> drain(1, count)); // what the others are compared with
    comparison.add("2 nodes", Role.OURS, () -> drain(2, count));
    comparison.add("4 nodes", Role.OURS, () -> drain(4, count));
    comparison.run(benchmark.rounds());
    System.out.println("no job was done twice");
  }

  private Figure drain(int nodes, int count) throws Exception {
    AtomicIntegerArray times = new AtomicIntegerArray(count);
    List<NotifierQueue> queues = new ArrayList<>();
    try (Database database = benchmark.server().create()) {
      for (int node = 0; node < nodes; node++) {
        queues.add(new NotifierQueue(database, times::incrementAndGet));
      }
      queues.get(0).preload(count);
      try {
        return benchmark.measured(
            count,
            () -> {
              queues.forEach(NotifierQueue::start);
              queues.get(0).awaitDrained();
            });
      } finally {
        queues.forEach(NotifierQueue::close);
        check(times);
      }
    }
  }

  private static void check(AtomicIntegerArray times) {
    long wrong = IntStream.range(0, times.length()).filter(job -> times.get(job) != 1).count();
    if (wrong > 0) {
      throw new IllegalStateException(wrong + " jobs were not done exactly once");
    }
  }
}
