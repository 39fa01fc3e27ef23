package dev.notifier;

import java.util.Objects;

/**
 * The identity of one delivery: a notification and the leg of its route that the delivery travels.
 *
 * <p>Its text form, such as {@code 0193…-0}, stays the same over retries and fall-backs. Channels
 * use it as the token by which a receiver recognises a repeat ({@code Message-ID}, {@code
 * webhook-id}).
 *
 * @param notification the notification
 * @param leg 0 for an ordered route; the position in the fan-out for {@code viaAll}
 */
public record DeliveryId(NotificationId notification, int leg) {
  /** Creates the id. */
  public DeliveryId {
    Objects.requireNonNull(notification, "notification");
    if (leg < 0) {
      throw new IllegalArgumentException("leg must be 0 or more, but was " + leg);
    }
  }

  @Override
  public String toString() {
    return notification + "-" + leg;
  }
}
