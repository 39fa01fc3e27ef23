package dev.notifier.spi;

import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A notification on its way into a store.
 *
 * @param id its new id
 * @param notification what to send
 * @param acceptedAt now
 * @param deliveries one delivery per leg of its route, in order
 */
public record Submission(
    NotificationId id,
    Notification notification,
    Instant acceptedAt,
    List<QueuedDelivery> deliveries) {
  /** Creates the submission with a copy of the list. */
  public Submission {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(notification, "notification");
    Objects.requireNonNull(acceptedAt, "acceptedAt");
    deliveries = List.copyOf(deliveries);
  }
}
