package dev.notifier.benchmarks;

import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.ShutdownReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/**
 * How fast is the whole in-memory pipeline, from {@code send} to settled through a channel that
 * does nothing, compared with a bare thread pool over a priority queue that does nothing?
 *
 * <p>The heap has one size, so that no contender pays for its growth. Every notification has a
 * recipient of its own; breakers and history are on, as by default.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=PipelineBenchmark "-Drun.jvmArgs=-Xms4g -Xmx4g" [-Drun.args="1000000 7"]
 * }</pre>
 *
 * <p>Arguments: notifications per round (1,000,000), rounds (5).
 */
final class PipelineBenchmark {
  private static final int WORKERS = 8;
  private static final int CAPACITY = 100_000;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Priority[] PRIORITIES = Priority.values();

  private final List<Notification> built;
  private final int producers;

  private PipelineBenchmark(List<Notification> built, int producers) {
    this.built = built;
    this.producers = producers;
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws InterruptedException {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Machine.print();
    System.out.printf(
        "%,d notifications a round, %d rounds, %d workers, capacity %,d%n",
        jobs, rounds, WORKERS, CAPACITY);
    List<Notification> built = new ArrayList<>(jobs);
    for (int number = 0; number < jobs; number++) {
      built.add(notification(number));
    }
    for (int producers : new int[] {1, 2, 4}) {
      new PipelineBenchmark(built, producers).compare(rounds);
    }
  }

  private static Notification notification(int number) {
    return Notification.to("email:user" + number + "@example.com")
        .text("Your order has shipped.")
        .priority(PRIORITIES[number & 3])
        .build();
  }

  private void compare(int rounds) throws InterruptedException {
    new Comparison(producers + " producers")
        .add("TPE + PBQ", () -> throughPool(false))
        .add("TPE + PBQ + Semaphore", () -> throughPool(true))
        .add("send", () -> throughNotifier(built::get))
        .add("build and send", () -> throughNotifier(PipelineBenchmark::notification))
        .run(rounds);
  }

  private double throughPool(boolean bounded) throws InterruptedException {
    LongAdder done = new LongAdder();
    PriorityPool pool =
        bounded
            ? PriorityPool.bounded(WORKERS, CAPACITY, done::increment)
            : PriorityPool.unbounded(WORKERS, done::increment);
    long start = System.nanoTime();
    Load.produce(producers, built.size(), pool::submit);
    pool.close();
    return rate(start, done.sum());
  }

  private double throughNotifier(IntFunction<Notification> source) throws InterruptedException {
    Notifier notifier =
        Notifier.builder()
            .channel("email", attempt -> DeliveryResult.accepted())
            .defaultPolicy(
                ChannelPolicy.builder()
                    .concurrency(WORKERS)
                    .capacity(CAPACITY)
                    .overflow(OverflowPolicy.block(PATIENCE))
                    .build())
            .build();
    long start = System.nanoTime();
    Load.produce(producers, built.size(), number -> notifier.send(source.apply(number)));
    ShutdownReport left = notifier.close(PATIENCE);
    double rate = rate(start, sent(notifier));
    if (!left.isClean()) {
      throw new IllegalStateException("left behind: " + left);
    }
    return rate;
  }

  private static long sent(Notifier notifier) {
    return notifier.stats().channels().values().stream()
        .mapToLong(channel -> channel.count(Event.SENT))
        .sum();
  }

  private double rate(long start, long done) {
    double seconds = (System.nanoTime() - start) / 1e9;
    if (done != built.size()) {
      throw new IllegalStateException(done + " of " + built.size() + " were done");
    }
    return done / seconds;
  }
}
