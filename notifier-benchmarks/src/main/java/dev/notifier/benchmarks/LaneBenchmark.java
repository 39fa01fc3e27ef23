package dev.notifier.benchmarks;

import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Priority;
import dev.notifier.internal.engine.MeasuredLane;
import dev.notifier.spi.QueuedDelivery;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.jctools.queues.MpmcArrayQueue;

/**
 * How fast is the heap of a lane alone, compared with a thread pool over a priority queue?
 *
 * <p>Jobs of mixed priority go through; a job only counts itself. JCTools' queue knows no priority
 * and never sleeps: it is a ceiling, not a peer.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=LaneBenchmark [-Drun.args="3000000 7"]
 * }</pre>
 *
 * <p>Arguments: jobs per round (3,000,000, so that the unbounded pool fills up), rounds (5).
 */
final class LaneBenchmark {
  private static final int CAPACITY = 131_072;

  private final int jobs;
  private final int producers;
  private final int consumers;
  private final LongAdder done = new LongAdder();

  private LaneBenchmark(int jobs, int producers, int consumers) {
    this.jobs = jobs;
    this.producers = producers;
    this.consumers = consumers;
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws InterruptedException {
    int jobs = args.length > 0 ? Integer.parseInt(args[0]) : 3_000_000;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Machine.print();
    System.out.printf("%,d jobs a round, %d rounds, capacity %,d%n", jobs, rounds, CAPACITY);
    for (int[] size : new int[][] {{1, 1}, {2, 2}, {4, 16}}) {
      new LaneBenchmark(jobs, size[0], size[1]).compare(rounds);
    }
  }

  private void compare(int rounds) throws InterruptedException {
    new Comparison(producers + " producers x " + consumers + " consumers")
        .add("TPE + PBQ", () -> throughPool(PriorityPool.unbounded(consumers, done::increment)))
        .add(
            "TPE + PBQ + Semaphore",
            () -> throughPool(PriorityPool.bounded(consumers, CAPACITY, done::increment)))
        .add("lane", this::throughLane)
        .add("JCTools MPMC, no priority", this::throughArrayQueue)
        .run(rounds);
  }

  private double throughPool(PriorityPool pool) throws InterruptedException {
    long start = begin();
    Load.produce(producers, jobs, pool::submit);
    pool.close();
    return rate(start);
  }

  private double throughLane() throws InterruptedException {
    MeasuredLane lane = new MeasuredLane(CAPACITY);
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(0, 0)), 0);
    List<Notification> byPriority =
        Arrays.stream(Priority.values()).map(LaneBenchmark::notification).toList();
    Instant now = Instant.now();
    long start = begin();
    List<Thread> workers = Load.start(consumers, () -> workOn(lane));
    Load.produce(
        producers, jobs, job -> lane.put(QueuedDelivery.first(id, byPriority.get(job & 3), now)));
    lane.close();
    Load.join(workers);
    return rate(start);
  }

  private static Notification notification(Priority priority) {
    return Notification.to("email:ada@example.com").text("Hello").priority(priority).build();
  }

  private void workOn(MeasuredLane lane) {
    QueuedDelivery next = lane.take(false);
    while (next != null) {
      done.increment();
      next = lane.take(true);
    }
  }

  private double throughArrayQueue() throws InterruptedException {
    MpmcArrayQueue<Object> queue = new MpmcArrayQueue<>(CAPACITY);
    long start = begin();
    List<Thread> workers = Load.start(consumers, () -> drain(queue));
    Load.produce(producers, jobs, job -> put(queue));
    Load.join(workers);
    return rate(start);
  }

  @SuppressWarnings("ThreadPriorityCheck") // the queue has no other way to wait
  private static void put(MpmcArrayQueue<Object> queue) {
    Object job = new Object();
    while (!queue.offer(job)) {
      Thread.yield();
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // as above
  private void drain(MpmcArrayQueue<Object> queue) {
    while (done.sum() < jobs) {
      if (queue.poll() != null) {
        done.increment();
      } else {
        Thread.yield();
      }
    }
  }

  private long begin() {
    done.reset();
    return System.nanoTime();
  }

  private double rate(long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    if (done.sum() != jobs) {
      throw new IllegalStateException(done.sum() + " of " + jobs + " jobs were done");
    }
    return jobs / seconds;
  }
}
