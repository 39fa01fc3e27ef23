package dev.notifier.examples;

import dev.notifier.Batch;
import dev.notifier.BatchProgress;
import dev.notifier.BatchReport;
import dev.notifier.BatchRun;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Sends a newsletter to 10,000 readers as one batch, each with a name of its own, and shows how far
 * it is. Some readers have no address, and some cannot be reached.
 */
public final class Newsletter {
  private static final int READERS = 10_000;
  private static final int WIDTH = 40;

  private Newsletter() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws InterruptedException {
    try (Notifier notifier =
        Notifier.builder()
            .channel("pager", attempt -> deliver(attempt.address().value()))
            .store(JdbcNotificationStore.builder("jdbc:h2:mem:newsletter", null, null).build())
            .build()) {
      notifier
          .templates()
          .save(
              Template.named("newsletter")
                  .requires("name")
                  .part("pager", TemplateFormat.TEXT, "Dear {{name}}, here is what is new.")
                  .build());
      BatchRun run =
          notifier.sendAll(
              Batch.of("newsletter")
                  .with(item -> item.priority(Priority.LOW).tag("newsletter-may"))
                  .bestEffort(IntStream.range(0, READERS).mapToObj(Newsletter::reader)));

      while (!run.await(Duration.ofMillis(200))) {
        print(run.progress());
      }
      print(run.progress());
      print(notifier, run);
    }
  }

  private static DeliveryResult deliver(String address) throws InterruptedException {
    if (ThreadLocalRandom.current().nextInt(20) == 0) {
      Thread.sleep(5);
    }
    return Integer.parseInt(address) % 3000 == 777
        ? DeliveryResult.permanentFailure("there is no such pager")
        : DeliveryResult.accepted();
  }

  private static Batch.Target reader(int number) {
    Recipient reader = Recipient.named("reader-" + number);
    boolean hasAddress = number % 1000 != 999;
    return new Batch.Target(
        hasAddress ? reader.address("pager", Integer.toString(number)) : reader,
        Map.of("name", "Reader " + number));
  }

  private static void print(BatchProgress progress) {
    long sent = progress.count(DeliveryStatus.SENT);
    long done = sent + progress.count(DeliveryStatus.FAILED) + progress.refused();
    int filled = (int) (done * WIDTH / READERS);
    System.out.printf(
        "[%s%s] %,6d sent, %d failed, %d refused%n",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        sent,
        progress.count(DeliveryStatus.FAILED),
        progress.refused());
  }

  private static void print(Notifier notifier, BatchRun run) {
    BatchReport report = notifier.batches().find(run.id()).orElseThrow();
    System.out.printf("batch %s is %s: %s%n", report.id(), report.state(), report.progress());
    HistoryQuery failed =
        HistoryQuery.builder()
            .batch(run.id())
            .tag("newsletter-may")
            .status(DeliveryStatus.FAILED)
            .pageSize(3)
            .build();
    System.out.println("Some of those who were not reached:");
    notifier
        .search(failed)
        .items()
        .forEach(item -> System.out.println("  " + item.id() + ": " + item.reason()));
  }
}
