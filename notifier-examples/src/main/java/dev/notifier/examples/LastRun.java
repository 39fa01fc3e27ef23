package dev.notifier.examples;

import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Page;
import java.util.ArrayList;
import java.util.List;

/** What a run before this one had accepted, and was killed before it could send. */
record LastRun(List<NotificationId> owed) {
  /** Looks what the store owes before anything new is sent. */
  static LastRun of(Notifier notifier) {
    List<NotificationId> owed = new ArrayList<>();
    HistoryQuery query =
        HistoryQuery.builder()
            .status(DeliveryStatus.SCHEDULED, DeliveryStatus.QUEUED, DeliveryStatus.SENDING)
            .build();
    Page<NotificationReport> page = notifier.search(query);
    page.items().forEach(report -> owed.add(report.id()));
    while (page.next().isPresent()) {
      page = notifier.search(query.after(page.next().get()));
      page.items().forEach(report -> owed.add(report.id()));
    }
    return new LastRun(owed);
  }

  /** Waits until all of it is settled, but no longer than to a time of {@code nanoTime}. */
  void await(Notifier notifier, long end) throws InterruptedException {
    while (unfinished(notifier) > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(100);
    }
  }

  private long unfinished(Notifier notifier) {
    return owed.stream()
        .flatMap(id -> notifier.find(id).stream())
        .filter(report -> !report.status().isSettled())
        .count();
  }

  void print(Notifier notifier) {
    System.out.println();
    long unfinished = unfinished(notifier);
    if (unfinished > 0) {
      System.out.println(unfinished + " notifications of the last run are left for the next one");
    }
    System.out.println("finished what the last run owed: " + (owed.size() - unfinished));
    ResultTable.print(notifier, owed);
  }
}
