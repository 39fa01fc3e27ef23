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
 * @param hasRoom whether the engine queues the deliveries as soon as they are in the store. If not,
 *     the store keeps them, and brings them when there is room or their time has come: so it is
 *     only for a store that has a {@linkplain NotificationStore#horizon() horizon}.
 */
public record Submission(
    NotificationId id,
    Notification notification,
    Instant acceptedAt,
    List<QueuedDelivery> deliveries,
    boolean hasRoom) {
  /** Creates the submission with a copy of the list. */
  public Submission {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(notification, "notification");
    Objects.requireNonNull(acceptedAt, "acceptedAt");
    deliveries = List.copyOf(deliveries);
  }

  /** Creates the submission of deliveries for which there is room. */
  public Submission(
      NotificationId id,
      Notification notification,
      Instant acceptedAt,
      List<QueuedDelivery> deliveries) {
    this(id, notification, acceptedAt, deliveries, true);
  }

  /** Returns this submission for a store that must bring the deliveries itself. */
  public Submission withoutRoom() {
    return new Submission(id, notification, acceptedAt, deliveries, false);
  }
}
