package dev.notifier.benchmarks;

import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.benchmarks.DurableRounds.Contender;
import dev.notifier.benchmarks.DurableRounds.Figure;
import dev.notifier.benchmarks.DurableRounds.Role;
import dev.notifier.store.jdbc.DatabaseKind;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;

/**
 * How fast is the JDBC store, compared with db-scheduler and with what the database can do at all?
 *
 * <p>Both keep what they acknowledge on the disk. Of H2 the peers have this only by {@code
 * WRITE_DELAY=0}, with which it survives the end of the process, but not of the machine; Notifier
 * waits for the disk, and runs a second time as they do. The heap has one size, for a round begins
 * with a collection, after which the JVM would start again with a tiny one. Each round has a
 * database of its own for each contender. A load average above 1.5 is told with every figure; then
 * only the ratios of a round and the processor time mean something.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=JdbcBenchmark "-Drun.args=b1 postgresql 5 100000" "-Drun.jvmArgs=-Xms2g -Xmx2g [-Donly=Notifier]"
 * }</pre>
 *
 * <p>Arguments: which one (below), {@code postgresql}, {@code mariadb} or {@code h2}, rounds (5),
 * jobs per round (depends).
 *
 * <ul>
 *   <li>b1: accept many, handle, durably done
 *   <li>b2: drain what another process has accepted
 *   <li>b3: one durable accept after the other, by 1, 4, 32 and 64 threads, while deliveries go on
 *   <li>b4: from the call that accepts to the start of the handler, at 500/s and 5,000/s
 *   <li>b7: claims while a million rows of the highest class wait for a later time
 *   <li>b8: drain by one, two and four nodes
 * </ul>
 */
final class JdbcBenchmark {
  /** Opens a queue in a database of its own. */
  interface Opening extends BiFunction<Database, IntConsumer, DurableQueue> {}

  private final BenchmarkServer server;
  private final int rounds;

  private JdbcBenchmark(BenchmarkServer server, int rounds) {
    this.server = server;
    this.rounds = rounds;
  }

  /** Runs a benchmark. */
  public static void main(String... args) throws Exception {
    if (args.length < 2) {
      throw new IllegalArgumentException("name a benchmark (b1, b2, ...) and a database");
    }
    DatabaseKind kind = DatabaseKind.valueOf(args[1].toUpperCase(Locale.ROOT));
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    int count = args.length > 3 ? Integer.parseInt(args[3]) : 0;
    Machine.print();
    try (BenchmarkServer server = BenchmarkServer.start(kind)) {
      RawLimits.print(server);
      new JdbcBenchmark(server, rounds).run(args[0], count);
    }
    System.exit(0); // whatever threads a peer has left
  }

  private void run(String which, int count) throws Exception {
    switch (which) {
      case "b1" -> throughput(count == 0 ? 100_000 : count);
      case "b2" -> drain(count == 0 ? 100_000 : count);
      case "b3" -> new AcceptBenchmark(this).run(count == 0 ? 10_000 : count);
      case "b4" -> new LatencyBenchmark(this).run(count == 0 ? 10 : count);
      case "b7" -> new FutureRowsBenchmark(this).run(count == 0 ? 1_000_000 : count);
      case "b8" -> new NodesBenchmark(this).run(count == 0 ? 100_000 : count);
      default -> throw new IllegalArgumentException("there is no benchmark " + which);
    }
  }

  BenchmarkServer server() {
    return server;
  }

  int rounds() {
    return rounds;
  }

  /** Peers and their limits of fetching: both that its documentation names. */
  DurableRounds withPeers(
      DurableRounds comparison, java.util.function.Function<Opening, Contender> work) {
    for (SchedulerQueue.Limits limits :
        List.of(new SchedulerQueue.Limits(1.0, 4.0), new SchedulerQueue.Limits(4.0, 20.0))) {
      comparison.add(
          "db-scheduler " + limits.lower() + "/" + limits.upper(),
          Role.PEER,
          work.apply((database, observer) -> new SchedulerQueue(database, limits, observer)));
    }
    if (server.kind() == DatabaseKind.H2) {
      comparison.add(
          "Notifier, no checkpoints", Role.OURS, work.apply(NotifierQueue::withoutCheckpoints));
    }
    return comparison.add("Notifier", Role.OURS, work.apply(NotifierQueue::new));
  }

  // --- B1 and B2 --------------------------------------------------------------------------------

  private void throughput(int count) throws Exception {
    withPeers(DurableRounds.ofRates("b1 " + server.kind()), queue -> () -> through(queue, count))
        .add("raw JDBC", Role.RAW, () -> throughRaw(count))
        .run(rounds);
  }

  private Figure through(Opening opening, int count) throws Exception {
    try (Database database = server.create();
        DurableQueue queue = opening.apply(database, number -> {})) {
      queue.start();
      Figure figure =
          measured(
              count,
              () -> {
                queue.acceptAll(0, count);
                queue.awaitDone(count);
              });
      queue.awaitDrained();
      return figure;
    }
  }

  private Figure throughRaw(int count) throws Exception {
    try (Database database = server.create();
        RawQueue queue = new RawQueue(database)) {
      return measured(count, () -> queue.pipeline(count));
    }
  }

  private void drain(int count) throws Exception {
    withPeers(DurableRounds.ofRates("b2 " + server.kind()), queue -> () -> drain(queue, count))
        .run(rounds);
  }

  private Figure drain(Opening opening, int count) throws Exception {
    try (Database database = server.create();
        DurableQueue queue = opening.apply(database, number -> {})) {
      queue.preload(count);
      Figure figure =
          measured(
              count,
              () -> {
                queue.start();
                queue.awaitDone(count);
              });
      queue.awaitDrained();
      return figure;
    }
  }

  // --- The clock --------------------------------------------------------------------------------

  /** What is measured. */
  interface Work {
    void run() throws Exception;
  }

  Figure measured(int count, Work work) throws Exception {
    double here = ProcessorTime.ofThisProcess();
    double there = ProcessorTime.ofServer(server.directory());
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = 1e6 / count;
    return new Figure(
        List.of(count / seconds),
        (ProcessorTime.ofThisProcess() - here) * micros,
        (ProcessorTime.ofServer(server.directory()) - there) * micros);
  }
}
