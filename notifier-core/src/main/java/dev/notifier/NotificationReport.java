package dev.notifier;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one notification: a snapshot.
 *
 * @param id the notification
 * @param notification what was sent
 * @param acceptedAt when it was accepted
 * @param deliveries its deliveries: one, or one per channel of a fan-out
 */
public record NotificationReport(
    NotificationId id,
    Notification notification,
    Instant acceptedAt,
    List<DeliveryReport> deliveries) {

  /** From the best news to the worst; what is not settled comes last, since it decides. */
  private static final List<DeliveryStatus> BY_NEWS =
      List.of(
          DeliveryStatus.DELIVERED,
          DeliveryStatus.SENT,
          DeliveryStatus.CANCELLED,
          DeliveryStatus.SUPPRESSED,
          DeliveryStatus.EXPIRED,
          DeliveryStatus.BOUNCED,
          DeliveryStatus.FAILED,
          DeliveryStatus.SCHEDULED,
          DeliveryStatus.QUEUED,
          DeliveryStatus.SENDING);

  /** Creates the report with a copy of the list, which must not be empty. */
  public NotificationReport {
    deliveries = List.copyOf(deliveries);
    if (deliveries.isEmpty()) {
      throw new IllegalArgumentException("notification " + id + " has no delivery");
    }
  }

  /** Returns the state of the whole: unsettled while a delivery is, else the worst of them. */
  public DeliveryStatus status() {
    return decisive().status();
  }

  /** Returns why the whole stands where it does, in words for an operator. */
  public String reason() {
    return decisive().reason();
  }

  private DeliveryReport decisive() {
    return deliveries.stream()
        .max(Comparator.comparingInt(delivery -> BY_NEWS.indexOf(delivery.status())))
        .orElseThrow();
  }

  /**
   * Returns the state of a whole whose deliveries are in these states, as {@link #status()} does.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static DeliveryStatus statusOf(Collection<DeliveryStatus> deliveries) {
    return deliveries.stream()
        .max(Comparator.comparingInt(BY_NEWS::indexOf))
        .orElseThrow(() -> new IllegalArgumentException("there is no delivery"));
  }

  /** Returns a delivery; empty if it is forgotten, as one of a fan-out can be before others. */
  public Optional<DeliveryReport> delivery(DeliveryId id) {
    return deliveries.stream().filter(delivery -> delivery.id().equals(id)).findFirst();
  }

  /** Returns which notification this one sends once more, if it does. */
  public Optional<NotificationId> replayOf() {
    return notification.replayOf();
  }
}
