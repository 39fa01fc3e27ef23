package dev.notifier.spi;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.Settlement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A delivery that waits for its next attempt: what lies in a lane's heap. Immutable; each time a
 * delivery goes back to a queue there is a new one.
 */
public final class QueuedDelivery {
  private final DeliveryId id;
  private final Notification notification;
  private final int position;
  private final int attempts;
  private final Instant due;
  private final Instant acceptedAt;
  private final Instant positionSince;
  private final boolean isOutcomeUnknown;

  private QueuedDelivery(
      DeliveryId id,
      Notification notification,
      int position,
      int attempts,
      Instant due,
      Instant acceptedAt,
      Instant positionSince,
      boolean isOutcomeUnknown) {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(notification, "notification");
    Objects.requireNonNull(due, "due");
    Objects.requireNonNull(acceptedAt, "acceptedAt");
    Objects.requireNonNull(positionSince, "positionSince");
    Objects.checkIndex(position, notification.route().legs().get(id.leg()).size());
    this.id = id;
    this.notification = notification;
    this.position = position;
    this.attempts = attempts;
    this.due = due;
    this.acceptedAt = acceptedAt;
    this.positionSince = positionSince;
    this.isOutcomeUnknown = isOutcomeUnknown;
  }

  /** Returns a delivery that was just accepted, at the start of its leg, and is due at once. */
  public static QueuedDelivery first(DeliveryId id, Notification notification, Instant acceptedAt) {
    return first(id, notification, acceptedAt, acceptedAt);
  }

  /** Returns a delivery that was just accepted, at the start of its leg, and is due at a time. */
  public static QueuedDelivery first(
      DeliveryId id, Notification notification, Instant acceptedAt, Instant due) {
    return new QueuedDelivery(id, notification, 0, 0, due, acceptedAt, due, false);
  }

  /**
   * Returns a delivery as a durable store has kept it.
   *
   * @param position the channel whose turn it is, as an index into the leg
   * @param attempts how many attempts were made on that channel and recorded
   * @param positionSince since when it has been the turn of that channel
   * @param isOutcomeUnknown whether another attempt was begun whose outcome was never recorded, by
   *     a process that has ended
   */
  public static QueuedDelivery restored(
      DeliveryId id,
      Notification notification,
      int position,
      int attempts,
      Instant due,
      Instant acceptedAt,
      Instant positionSince,
      boolean isOutcomeUnknown) {
    return new QueuedDelivery(
        id, notification, position, attempts, due, acceptedAt, positionSince, isOutcomeUnknown);
  }

  /** Returns this delivery as it waits after a worker put it back. */
  public QueuedDelivery requeued(Settlement.Requeued settlement) {
    return switch (settlement.cause()) {
      case RETRY -> at(position, attempts + 1, settlement.due(), positionSince);
      case DEFERRAL -> at(position, attempts, settlement.due(), positionSince);
      case FALL_BACK -> at(settlement.position(), 0, settlement.due(), settlement.due());
    };
  }

  private QueuedDelivery at(int position, int attempts, Instant due, Instant positionSince) {
    return new QueuedDelivery(
        id, notification, position, attempts, due, acceptedAt, positionSince, false);
  }

  /** Returns the delivery's identity. */
  public DeliveryId id() {
    return id;
  }

  /** Returns the notification that it delivers. */
  public Notification notification() {
    return notification;
  }

  /** Returns its notification's priority. */
  public Priority priority() {
    return notification.priority();
  }

  /** Returns the channels that it tries, in order. */
  public List<ChannelId> leg() {
    return notification.route().legs().get(id.leg());
  }

  /** Returns the channel whose turn it is, as an index into the leg. */
  public int position() {
    return position;
  }

  /** Returns the channel whose turn it is. */
  public ChannelId channel() {
    return leg().get(position);
  }

  /** Tells whether another channel follows on the leg. */
  public boolean hasNextChannel() {
    return position + 1 < leg().size();
  }

  /** Returns how many attempts were made on the channel whose turn it is. */
  public int attempts() {
    return attempts;
  }

  /** Returns when it is to be tried. */
  public Instant due() {
    return due;
  }

  /** Returns when its notification was accepted. */
  public Instant acceptedAt() {
    return acceptedAt;
  }

  /** Returns when its life begins: when it was accepted, or the later time it is to be sent at. */
  public Instant livesFrom() {
    return notification.sendAt().filter(time -> time.isAfter(acceptedAt)).orElse(acceptedAt);
  }

  /** Returns since when it has been the turn of its channel. */
  public Instant positionSince() {
    return positionSince;
  }

  /**
   * Tells whether an attempt was begun whose outcome was never recorded: the provider may have the
   * message.
   */
  public boolean isOutcomeUnknown() {
    return isOutcomeUnknown;
  }

  /** Returns the ids, the channel and the due time. */
  @Override
  public String toString() {
    return "QueuedDelivery[" + id + " on " + channel() + ", due " + due + "]";
  }
}
