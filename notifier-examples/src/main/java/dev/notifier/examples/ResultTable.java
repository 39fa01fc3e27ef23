package dev.notifier.examples;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryReport;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** Shows what became of each notification: what {@code notifier.find} knows, as a table. */
final class ResultTable {
  private static final String ROW = "%-36s  %-22s  %-9s  %8s  %9s  %s%n";

  private ResultTable() {}

  static void print(Notifier notifier, List<NotificationId> ids) {
    System.out.printf(ROW, "id", "route taken", "status", "attempts", "time", "reason");
    for (NotificationId id : ids) {
      notifier.find(id).ifPresent(ResultTable::printRow);
    }
  }

  private static void printRow(NotificationReport report) {
    DeliveryReport delivery = report.deliveries().get(0);
    System.out.printf(
        ROW,
        report.id(),
        routeTaken(delivery),
        report.status(),
        delivery.attempts().size(),
        time(report.acceptedAt(), delivery).toMillis() + " ms",
        report.reason());
  }

  private static String routeTaken(DeliveryReport delivery) {
    return delivery.attempts().stream()
        .map(attempt -> attempt.channel().value())
        .distinct()
        .collect(Collectors.joining(" → "));
  }

  private static Duration time(Instant acceptedAt, DeliveryReport delivery) {
    List<AttemptReport> attempts = delivery.attempts();
    if (attempts.isEmpty()) {
      return Duration.ZERO;
    }
    AttemptReport last = attempts.get(attempts.size() - 1);
    return Duration.between(acceptedAt, last.startedAt().plus(last.latency()));
  }
}
