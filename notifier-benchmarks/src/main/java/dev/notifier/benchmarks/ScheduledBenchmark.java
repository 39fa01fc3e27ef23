package dev.notifier.benchmarks;

import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import dev.notifier.store.jdbc.JdbcStoreBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * How much heap does a node need while very many notifications wait in the store for a time in the
 * future, and how late are those whose time comes?
 *
 * <p>The future ones are due from tomorrow on, one a second. Beside them, some are due 20 ms apart,
 * beginning beyond the horizon of 10 s, so that they too go through the database. Lateness is from
 * the time asked for to the call of the channel.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=ScheduledBenchmark -Drun.jvmArgs=-Xmx256m \
 *     [-Drun.args="1000000 1000 jdbc:postgresql://localhost/bench user password"]
 * }</pre>
 *
 * <p>Arguments: how many wait for the future (1,000,000), how many are due meanwhile (1,000), and a
 * database; without one, an H2 file in a temporary directory, which is removed afterwards.
 */
final class ScheduledBenchmark {
  private static final Duration HORIZON = Duration.ofSeconds(10);
  private static final Duration LEAD = HORIZON.plusSeconds(10);
  private static final Duration APART = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int MOST_UNANSWERED = 2_000;

  private final int future;
  private final int due;
  private final long[] latenessMillis;
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final CountDownLatch allArrived;

  private ScheduledBenchmark(int future, int due) {
    this.future = future;
    this.due = due;
    this.latenessMillis = new long[due];
    this.allArrived = new CountDownLatch(due);
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws Exception {
    int future = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int due = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
    Machine.print();
    ScheduledBenchmark benchmark = new ScheduledBenchmark(future, due);
    if (args.length > 2) {
      benchmark.run(
          JdbcNotificationStore.builder(
              args[2], args.length > 3 ? args[3] : null, args.length > 4 ? args[4] : null));
      return;
    }
    Path directory = Files.createTempDirectory("scheduled-benchmark");
    try {
      String url = "jdbc:h2:file:" + directory.resolve("notifier");
      benchmark.run(JdbcNotificationStore.builder(url, null, null));
    } finally {
      delete(directory);
    }
  }

  private void run(JdbcStoreBuilder database) throws InterruptedException {
    JdbcNotificationStore store = database.horizon(HORIZON).build();
    try (Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .store(store)
            .channel(
                "email",
                attempt -> {
                  arrived(attempt.notification());
                  return DeliveryResult.accepted();
                })
            .build()) {
      long began = System.nanoTime();
      Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
      sendAll(notifier, future, tomorrow, Duration.ofSeconds(1));
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf(
          "%n%,d wait in the store, accepted in %.0f s (%,.0f/s)%n",
          future - refused.get(), seconds, future / seconds);
      printHeap("while they wait");

      sendAll(notifier, due, Instant.now().plus(LEAD), APART);
      boolean all = allArrived.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      printHeap("after the due ones");
      printLateness(all);
    }
  }

  /** Sends without waiting for each, but with a bound on what is unanswered. */
  private void sendAll(Notifier notifier, int count, Instant first, Duration apart)
      throws InterruptedException {
    Semaphore unanswered = new Semaphore(MOST_UNANSWERED);
    for (int number = 0; number < count; number++) {
      unanswered.acquire();
      Notification notification =
          Notification.to(String.format("email:user%07d@example.com", number))
              .text(String.format("Your order number %07d is on its way.", number))
              .sendAt(first.plus(apart.multipliedBy(number)))
              .build();
      notifier
          .sendAsync(notification)
          .whenComplete(
              (receipt, failure) -> {
                unanswered.release();
                if (failure != null) {
                  refused.incrementAndGet();
                }
              });
    }
    unanswered.acquire(MOST_UNANSWERED);
  }

  private void arrived(Notification notification) {
    long late = Duration.between(notification.sendAt().orElseThrow(), Instant.now()).toMillis();
    int number = arrived.getAndIncrement();
    if (number < due) {
      latenessMillis[number] = late;
    }
    allArrived.countDown();
  }

  private static void printHeap(String when) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "heap %s: %d MB live of %d MB%n",
        when, (runtime.totalMemory() - runtime.freeMemory()) >> 20, runtime.maxMemory() >> 20);
  }

  private void printLateness(boolean all) {
    int count = Math.min(arrived.get(), due);
    long[] sorted = Arrays.copyOf(latenessMillis, count);
    Arrays.sort(sorted);
    System.out.printf(
        "%n| due | arrived | refused | p50 late | p99 late | most late |%n|---|---|---|---|---|---|%n");
    System.out.printf(
        "| %,d | %,d | %,d | %d ms | %d ms | %d ms |%n",
        due,
        arrived.get(),
        refused.get(),
        percentile(sorted, 50),
        percentile(sorted, 99),
        percentile(sorted, 100));
    if (!all || arrived.get() != due || refused.get() > 0) {
      System.out.println("NOT EVERYTHING CAME AS IT SHOULD");
    }
  }

  private static long percentile(long[] sorted, int percent) {
    return sorted.length == 0 ? -1 : sorted[Math.max(0, sorted.length * percent / 100 - 1)];
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
