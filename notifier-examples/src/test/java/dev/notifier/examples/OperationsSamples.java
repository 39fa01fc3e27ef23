package dev.notifier.examples;

import dev.notifier.DeadLetter;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryExport;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.Page;
import dev.notifier.Receipt;
import dev.notifier.ReplayReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The code that docs/OPERATIONS.md shows. */
final class OperationsSamples {
  Page<DeadLetter> deadLetters(Notifier notifier, Instant lastNight) {
    // sample: deadLetters
    HistoryQuery query =
        HistoryQuery.builder().channel("email").acceptedFrom(lastNight).pageSize(100).build();

    Page<DeadLetter> page = notifier.deadLetters().list(query);
    for (DeadLetter deadLetter : page.items()) {
      deadLetter.report().reason(); // of the whole; failures() has every attempt
      deadLetter.replayedAs(); // empty while nobody has sent it again
    }
    page.next().ifPresent(cursor -> notifier.deadLetters().list(query.after(cursor)));
    // end
    return page;
  }

  ReplayReport replay(Notifier notifier, NotificationId id, HistoryQuery query) {
    // sample: replay
    notifier.deadLetters().replay(id);

    ReplayReport report =
        notifier
            .deadLetters()
            .replayAll(query, deadLetter -> deadLetter.report().reason().contains("451"));
    // end
    return report;
  }

  Receipt resend(Notifier notifier, NotificationId id) {
    // sample: resend
    Receipt receipt = notifier.resend(id);
    // end
    return receipt;
  }

  void purge(Notifier notifier, NotificationId id) {
    // sample: purge
    notifier.history().purge(Duration.ofDays(7), DeliveryStatus.SENT, DeliveryStatus.DELIVERED);
    notifier.deadLetters().purgeOlderThan(Duration.ofDays(90));
    notifier.deadLetters().purge(id);
    // end
  }

  void export(Notifier notifier, Path file, Instant from, Instant to) throws IOException {
    // sample: export
    HistoryExport month =
        HistoryExport.of(HistoryQuery.builder().acceptedFrom(from).acceptedTo(to).build());
    try (OutputStream out = Files.newOutputStream(file)) {
      notifier.history().export(month, out);
    }
    // end
  }
}
