package dev.notifier.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.notifier.Analytics;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.DeliveryResult;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.benchmarks.BenchmarkServer.Database;
import dev.notifier.store.jdbc.DatabaseKind;
import dev.notifier.store.jdbc.FilledHistory;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import dev.notifier.store.jdbc.JdbcSchema;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;

/**
 * How long does an analysis of 1,000,000 stored notifications take?
 *
 * <p>They were accepted within ten days, on four channels, and lie in a table for each day on
 * PostgreSQL, which has tidied up after them, as autovacuum does within a minute. Medians of five,
 * after one that is shown apart.
 *
 * <pre>{@code
 * mvn -q -B -ntp -Pbenchmark -pl notifier-benchmarks -am process-classes \
 *     -Dbenchmark=AnalyticsBenchmark [-Drun.args="postgresql 1000000 0"]
 * }</pre>
 *
 * <p>Arguments: the database, how many are settled, how many wait.
 */
final class AnalyticsBenchmark {
  private static final int ROUNDS = 5;
  private static final Duration LENGTH = Duration.ofDays(10);

  private AnalyticsBenchmark() {}

  /** Runs the benchmark. */
  public static void main(String... args) throws Exception {
    DatabaseKind kind =
        DatabaseKind.valueOf((args.length > 0 ? args[0] : "postgresql").toUpperCase(Locale.ROOT));
    int settled = args.length > 1 ? Integer.parseInt(args[1]) : 1_000_000;
    int waiting = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Machine.print();
    try (BenchmarkServer server = BenchmarkServer.start(kind);
        Database database = server.create();
        HikariDataSource pool = database.pool(10)) {
      Instant to = Instant.now();
      Instant from = to.minus(LENGTH);
      fill(pool, kind, from, settled, waiting);
      JdbcNotificationStore store = JdbcNotificationStore.on(pool);
      // No channel of the rows: they wait, and nobody takes them.
      NotifierBuilder builder =
          Notifier.builder()
              .discovery(false)
              .store(store)
              .channel("none", a -> DeliveryResult.accepted());
      try (Notifier notifier = builder.build()) {
        measure(notifier.analytics(), from, to);
      }
    }
  }

  private static void fill(
      HikariDataSource pool, DatabaseKind kind, Instant from, int settled, int waiting)
      throws Exception {
    long began = System.nanoTime();
    JdbcSchema.of(pool).migrate();
    FilledHistory history = new FilledHistory(pool, from, LENGTH);
    if (kind == DatabaseKind.POSTGRESQL) {
      history.makeDays();
    }
    history.settled(settled);
    history.waiting(waiting);
    history.tidy();
    System.out.printf(
        "%s: %,d settled and %,d waiting, filled in %d s%n",
        kind, settled, waiting, Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }

  private static void measure(Analytics analytics, Instant from, Instant to) {
    AnalyticsWindow all = AnalyticsWindow.between(from, to);
    print(analytics.summary(all));
    System.out.println("| question | first | median of " + ROUNDS + " | worst |");
    System.out.println("|---|---|---|---|");
    measure("everything", () -> analytics.summary(all));
    measure("everything, no reasons", () -> analytics.summary(all.maxReasons(0)));
    measure("everything on one channel", () -> analytics.summary(all.channel("app")));
    AnalyticsWindow day = AnalyticsWindow.between(to.minus(Duration.ofDays(1)), to);
    measure("the last day", () -> analytics.summary(day));
    AnalyticsWindow hour = AnalyticsWindow.between(to.minus(Duration.ofHours(1)), to);
    measure("the last hour", () -> analytics.summary(hour));
    AnalyticsWindow first = AnalyticsWindow.between(from, from.plus(Duration.ofHours(1)));
    measure("an hour ten days ago", () -> analytics.summary(first));
    measure("by hour, everything", () -> analytics.series(all, Duration.ofHours(1)));
    measure("by minute, the last day", () -> analytics.series(day, Duration.ofMinutes(1)));
  }

  private static void print(AnalyticsSummary summary) {
    summary
        .channels()
        .forEach(
            (channel, numbers) ->
                System.out.printf(
                    "%s: accepted %,d, sent %,d, delivery rate %.3f, %s, %s%n",
                    channel,
                    numbers.counts().accepted(),
                    numbers.counts().sent(),
                    numbers.counts().deliveryRate().orElse(0),
                    numbers.times(),
                    numbers.backlog()));
  }

  private static void measure(String question, Runnable asking) {
    long first = millis(asking);
    long[] times = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      times[round] = millis(asking);
    }
    Arrays.sort(times);
    System.out.printf(
        "| %s | %d ms | %d ms | %d ms |%n", question, first, times[ROUNDS / 2], times[ROUNDS - 1]);
  }

  private static long millis(Runnable asking) {
    long began = System.nanoTime();
    asking.run();
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }
}
