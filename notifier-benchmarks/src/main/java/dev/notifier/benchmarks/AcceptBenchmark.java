package dev.notifier.benchmarks;

import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.benchmarks.DurableRounds.Figure;
import dev.notifier.benchmarks.DurableRounds.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that each accept one job after the other and wait until it is durable (B3). */
final class AcceptBenchmark {
  private static final int[] THREADS = {1, 4, 32, 64};

  private final JdbcBenchmark benchmark;

  AcceptBenchmark(JdbcBenchmark benchmark) {
    this.benchmark = benchmark;
  }

  void run(int count) throws Exception {
    comparison("b3", 64, 5 * count).warmUp(); // so that everything is compiled
    for (int threads : THREADS) {
      String title = "b3 " + benchmark.server().kind() + ", " + threads + " threads";
      comparison(title, threads, count).run(benchmark.rounds());
    }
  }

  private DurableRounds comparison(String title, int threads, int count) {
    return benchmark
        .withPeers(DurableRounds.ofRates(title), queue -> () -> accept(queue, threads, count))
        .add("raw autocommit", Role.RAW, () -> acceptRaw(threads, count));
  }

  private Figure accept(JdbcBenchmark.Opening opening, int threads, int count) throws Exception {
    try (Database database = benchmark.server().create();
        DurableQueue queue = opening.apply(database, number -> {})) {
      queue.start();
      Load.produce(threads, threads, queue::accept); // everything has run once
      Figure figure =
          benchmark.measured(
              count, () -> Load.produce(threads, count, job -> queue.accept(threads + job)));
      queue.awaitDone(threads + count);
      return figure;
    }
  }

  private Figure acceptRaw(int threads, int count) throws Exception {
    try (Database database = benchmark.server().create();
        RawQueue queue = new RawQueue(database)) {
      AtomicInteger next = new AtomicInteger();
      return benchmark.measured(
          count, () -> Load.join(Load.start(threads, () -> insertOneByOne(queue, next, count))));
    }
  }

  private static void insertOneByOne(RawQueue queue, AtomicInteger next, int count) {
    try (Connection connection = queue.connect()) {
      for (int job = next.getAndIncrement(); job < count; job = next.getAndIncrement()) {
        queue.insertOne(connection, job);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
