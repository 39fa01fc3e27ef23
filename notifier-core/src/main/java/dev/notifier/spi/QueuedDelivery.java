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

  private QueuedDelivery(
      DeliveryId id,
      Notification notification,
      int position,
      int attempts,
      Instant due,
      Instant acceptedAt,
      Instant positionSince) {
    this.id = id;
    this.notification = notification;
    this.position = position;
    this.attempts = attempts;
    this.due = due;
    this.acceptedAt = acceptedAt;
    this.positionSince = positionSince;
  }

  /** Returns a delivery that was just accepted, at the start of its leg. */
  public static QueuedDelivery first(DeliveryId id, Notification notification, Instant acceptedAt) {
    Objects.requireNonNull(notification, "notification");
    return new QueuedDelivery(id, notification, 0, 0, acceptedAt, acceptedAt, acceptedAt);
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
    Objects.checkIndex(position, leg().size());
    return new QueuedDelivery(id, notification, position, attempts, due, acceptedAt, positionSince);
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

  /** Returns since when it has been the turn of its channel. */
  public Instant positionSince() {
    return positionSince;
  }

  /** Returns the ids, the channel and the due time. */
  @Override
  public String toString() {
    return "QueuedDelivery[" + id + " on " + channel() + ", due " + due + "]";
  }
}
