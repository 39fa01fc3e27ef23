package dev.notifier;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A notification of which a delivery failed on its whole route.
 *
 * @param report what is known of it: every delivery, every attempt with its reason
 * @param replayedAs the notification that sent it again, if it was replayed
 */
public record DeadLetter(NotificationReport report, Optional<NotificationId> replayedAs) {
  /** Creates the dead letter. */
  public DeadLetter {
    Objects.requireNonNull(report, "report");
    Objects.requireNonNull(replayedAs, "replayedAs");
  }

  /** Returns the id of the notification. */
  public NotificationId id() {
    return report.id();
  }

  /** Returns the deliveries that failed: the ones that a replay makes again. */
  public List<DeliveryReport> failures() {
    return report.deliveries().stream()
        .filter(delivery -> delivery.status() == DeliveryStatus.FAILED)
        .toList();
  }
}
