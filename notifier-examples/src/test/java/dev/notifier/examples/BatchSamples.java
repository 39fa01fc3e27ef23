package dev.notifier.examples;

import dev.notifier.Batch;
import dev.notifier.BatchReport;
import dev.notifier.BatchRun;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Page;
import dev.notifier.Priority;
import dev.notifier.RateLimit;
import dev.notifier.Recipient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The code of the guide to batches, as {@link GuideSamples}. */
final class BatchSamples {
  /** Somebody who reads the newsletter. */
  record Reader(String id, String email, String name) {}

  BatchRun newsletter(Notifier notifier, Stream<Reader> readers, List<String> refused)
      throws InterruptedException {
    // sample: newsletter
    Batch batch =
        Batch.of("newsletter")
            .with(item -> item.priority(Priority.LOW).tag("newsletter-may"))
            .bestEffort(
                readers,
                reader ->
                    new Batch.Target(
                        Recipient.named(reader.id()).email(reader.email()),
                        Map.of("name", reader.name())))
            .rate(RateLimit.perSecond(200))
            .onItem(
                item -> {
                  if (item.id().isEmpty()) {
                    refused.add(item.index() + ": " + item.reason());
                  }
                });

    BatchRun run = notifier.sendAll(batch);
    while (!run.await(Duration.ofSeconds(1))) {
      System.out.println(run.progress());
    }
    // end
    return run;
  }

  BatchRun atomic(Notifier notifier, List<Notification> invoices) {
    // sample: atomicBatch
    BatchRun run = notifier.sendAll(Batch.atomic(invoices)); // all are accepted, or none
    // end
    return run;
  }

  Page<NotificationReport> operate(Notifier notifier, String batchId) {
    // sample: operateBatch
    BatchReport report = notifier.batches().find(batchId).orElseThrow();
    long failed = report.progress().count(DeliveryStatus.FAILED);
    if (report.state() == BatchReport.State.SENDING && failed > 100) {
      notifier.batches().cancel(batchId);
    }

    HistoryQuery query =
        HistoryQuery.builder().batch(batchId).status(DeliveryStatus.FAILED).build();
    Page<NotificationReport> page = notifier.search(query);
    // end
    return page;
  }
}
