package dev.notifier.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.notifier.Batch;
import dev.notifier.BatchProgress;
import dev.notifier.BatchReport;
import dev.notifier.BatchRun;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.store.jdbc.DatabaseKind;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A batch of a million recipients, each with variables of its own, streamed from nowhere: how much
 * heap does it need, how fast is it accepted and sent, and how long does a CRITICAL notification on
 * another channel take meanwhile, from the call of send to the call of its channel?
 *
 * <p>The batch goes to a slow channel first (8 workers, 20 ms a call), so that nearly all of it
 * waits. CRITICAL ones come every 20 ms: while the batch is read, while it waits, and while it is
 * sent as fast as it can be, the channel being quick by then.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=BatchBenchmark -Drun.jvmArgs=-Xmx256m \
 *     [-Drun.args="1000000 1000 postgresql"]
 * }</pre>
 *
 * <p>Arguments: how many recipients (1,000,000), how many CRITICAL ones while all of it waits
 * (1,000), and {@code h2} (a file, the default), {@code postgresql} or {@code mariadb}.
 */
final class BatchBenchmark {
  private static final Duration APART = Duration.ofMillis(20);
  private static final Duration SLOW = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final int recipients;
  private final int criticals;
  private volatile boolean isSlow = true;
  private volatile long[] sentAt = {};
  private volatile long[] latency = {};
  private final AtomicInteger arrived = new AtomicInteger();

  private BatchBenchmark(int recipients, int criticals) {
    this.recipients = recipients;
    this.criticals = criticals;
  }

  /** Runs the benchmark. */
  public static void main(String... args) throws Exception {
    int recipients = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
    int criticals = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
    Machine.print();
    String kind = args.length > 2 ? args[2] : "h2";
    try (BenchmarkServer server =
            BenchmarkServer.start(DatabaseKind.valueOf(kind.toUpperCase(Locale.ROOT)));
        Database database = server.create();
        HikariDataSource pool = database.pool(8)) {
      new BatchBenchmark(recipients, criticals).run(JdbcNotificationStore.builder(pool).build());
    }
  }

  private void run(JdbcNotificationStore store) throws InterruptedException {
    ChannelPolicy policy = ChannelPolicy.builder().concurrency(8).build();
    try (Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .store(store)
            .channel("bulk", this::bulk)
            .channel("alert", this::alert)
            .policy("bulk", policy)
            .build()) {
      notifier
          .templates()
          .save(
              Template.named("news")
                  .requires("name")
                  .requires("order")
                  .part(
                      "bulk", TemplateFormat.TEXT, "Hello {{name}}, order {{order}} is on its way.")
                  .build());
      measure(notifier, "warm-up", () -> arrived.get() < 300);

      long began = System.nanoTime();
      BatchRun run = notifier.sendAll(batch());
      measure(notifier, "while it is read", () -> run.progress().accepted() < recipients);
      awaitRead(notifier, run);
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf("accepted in %.0f s (%,.0f/s)%n", seconds, recipients / seconds);
      printHeap("while it waits");

      int[] left = {criticals};
      measure(notifier, "while it waits", () -> left[0]-- > 0);
      printProgress(notifier, run);

      isSlow = false;
      began = System.nanoTime();
      measure(notifier, "while it is sent", () -> run.progress().pending() > 0);
      boolean all = run.await(PATIENCE);
      seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf("sent in %.0f s (%,.0f/s)%n", seconds, recipients / seconds);
      printHeap("after it");
      printProgress(notifier, run);
      BatchProgress progress = notifier.batches().find(run.id()).orElseThrow().progress();
      if (!all || progress.count(DeliveryStatus.SENT) != recipients) {
        System.out.println("NOT EVERYTHING WAS SENT");
      }
    }
  }

  private Batch batch() {
    return Batch.of("news")
        .with(item -> item.priority(Priority.LOW))
        .bestEffort(IntStream.range(0, recipients).mapToObj(BatchBenchmark::target));
  }

  private static Batch.Target target(int number) {
    return new Batch.Target(
        Recipient.named("user-" + number).address("bulk", "address-" + number),
        Map.of("name", "User " + number, "order", number));
  }

  private static void awaitRead(Notifier notifier, BatchRun run) throws InterruptedException {
    while (notifier.batches().find(run.id()).orElseThrow().state() == BatchReport.State.READING) {
      Thread.sleep(100);
    }
  }

  // --- The channels -----------------------------------------------------------------------------

  private DeliveryResult bulk(DeliveryAttempt attempt) throws InterruptedException {
    if (isSlow) {
      Thread.sleep(SLOW.toMillis());
    }
    return DeliveryResult.accepted();
  }

  private DeliveryResult alert(DeliveryAttempt attempt) {
    int number = Integer.parseInt(attempt.content().text().orElseThrow());
    latency[number] = System.nanoTime() - sentAt[number];
    arrived.incrementAndGet();
    return DeliveryResult.accepted();
  }

  // --- CRITICAL ones ----------------------------------------------------------------------------

  /** Sends one every 20 ms for as long as it is told to, and prints how long they took. */
  private void measure(Notifier notifier, String when, BooleanSupplier goesOn)
      throws InterruptedException {
    int most = 100_000;
    sentAt = new long[most];
    latency = new long[most];
    arrived.set(0);
    int count = 0;
    long start = System.nanoTime();
    while (count < most && goesOn.getAsBoolean()) {
      awaitTime(start + APART.toNanos() * count);
      Notification critical =
          Notification.to("alert:42")
              .text(Integer.toString(count))
              .priority(Priority.CRITICAL)
              .build();
      sentAt[count] = System.nanoTime();
      notifier.send(critical);
      count++;
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (arrived.get() < count && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    print(when, count);
  }

  private static void awaitTime(long time) {
    for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void print(String when, int count) {
    long[] sorted = Arrays.copyOf(latency, count);
    Arrays.sort(sorted);
    System.out.printf(
        "CRITICAL %s: %,d of %,d came; p50 %.1f ms, p99 %.1f ms, longest %.1f ms%n",
        when,
        arrived.get(),
        count,
        percentile(sorted, 50),
        percentile(sorted, 99),
        percentile(sorted, 100));
  }

  private static double percentile(long[] sorted, int percent) {
    int index = (int) Math.max(0, (long) sorted.length * percent / 100 - 1);
    return sorted.length == 0 ? -1 : sorted[index] / 1e6;
  }

  // --- What is printed --------------------------------------------------------------------------

  private static void printHeap(String when) {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "heap %s: %d MB live of %d MB%n",
        when, (runtime.totalMemory() - runtime.freeMemory()) >> 20, runtime.maxMemory() >> 20);
  }

  private static void printProgress(Notifier notifier, BatchRun run) {
    long began = System.nanoTime();
    BatchReport report = notifier.batches().find(run.id()).orElseThrow();
    System.out.printf(
        "batches().find took %.0f ms: %s, %s%n",
        (System.nanoTime() - began) / 1e6, report.state(), report.progress());
  }
}
