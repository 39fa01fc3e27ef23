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

  /**
   * Returns the id with this text form, as {@link #toString()} gives it.
   *
   * @throws InvalidNotificationException if the text is something else
   */
  public static DeliveryId parse(String text) {
    int hyphen = text.lastIndexOf('-');
    String leg = text.substring(hyphen + 1);
    if (hyphen < 0 || !leg.matches("[0-9]{1,4}")) {
      throw new InvalidNotificationException(
          "delivery id must be a notification id, a hyphen and a number, but was "
              + Quoted.of(text));
    }
    return new DeliveryId(NotificationId.parse(text.substring(0, hyphen)), Integer.parseInt(leg));
  }

  @Override
  public String toString() {
    return notification + "-" + leg;
  }
}
