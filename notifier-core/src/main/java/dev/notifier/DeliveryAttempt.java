package dev.notifier;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One attempt to deliver one finished message by one channel to one address. Immutable.
 *
 * <p>This is all that a channel needs: it does not know of queues, retries or other channels.
 */
public final class DeliveryAttempt {
  private final DeliveryId delivery;
  private final Notification notification;
  private final Address address;
  private final int number;
  private final Content content;
  private final Optional<Instant> expiresAt;

  private DeliveryAttempt(
      DeliveryId delivery,
      Notification notification,
      Address address,
      int number,
      Content content,
      Optional<Instant> expiresAt) {
    this.delivery = delivery;
    this.notification = notification;
    this.address = address;
    this.number = number;
    this.content = content;
    this.expiresAt = expiresAt;
  }

  /**
   * Returns an attempt at a notification by one of its channels.
   *
   * @param number 1 for the first attempt on this channel
   * @throws IllegalArgumentException if the recipient has no address for the channel, or the number
   *     is below 1
   */
  public static DeliveryAttempt of(
      DeliveryId delivery, Notification notification, ChannelId channel, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("attempt number must be 1 or more, but was " + number);
    }
    Objects.requireNonNull(notification, "notification");
    Address address =
        notification
            .recipient()
            .address(channel)
            .orElseThrow(
                () -> new IllegalArgumentException("recipient has no address for " + channel));
    return new DeliveryAttempt(
        Objects.requireNonNull(delivery, "delivery"),
        notification,
        address,
        number,
        notification.contentFor(channel),
        Optional.empty());
  }

  /** Returns this attempt with other content, for an interceptor that changes what is said. */
  public DeliveryAttempt withContent(Content content) {
    return new DeliveryAttempt(
        delivery,
        notification,
        address,
        number,
        Objects.requireNonNull(content, "content"),
        expiresAt);
  }

  /** Returns this attempt with the time at which the notification expires. */
  public DeliveryAttempt expiringAt(Instant time) {
    return new DeliveryAttempt(delivery, notification, address, number, content, Optional.of(time));
  }

  /**
   * Returns the identity of the delivery, the same over all its attempts. Its text form is the
   * token to give a provider or receiver that can recognise a repeat.
   */
  public DeliveryId delivery() {
    return delivery;
  }

  /** Returns the channel that makes the attempt. */
  public ChannelId channel() {
    return address.channel();
  }

  /** Returns where to send, unmasked: never log its value. */
  public Address address() {
    return address;
  }

  /** Returns 1 for the first attempt on this channel, 2 for its first retry. */
  public int number() {
    return number;
  }

  /** Returns what to say. */
  public Content content() {
    return content;
  }

  /**
   * Returns when the notification expires, if it says so, for a provider that can drop a message
   * which it could not hand over by then. Empty before the notification is accepted.
   */
  public Optional<Instant> expiresAt() {
    return expiresAt;
  }

  /** Returns the files to send along. */
  public List<Attachment> attachments() {
    return notification.attachments();
  }

  /** Returns how urgent it is. */
  public Priority priority() {
    return notification.priority();
  }

  /** Returns the notification that this attempt is part of. */
  public Notification notification() {
    return notification;
  }

  /**
   * Returns the id that ties its log lines together: the application's own, or the notification's.
   */
  public String correlationId() {
    return notification.correlationId().orElseGet(() -> delivery.notification().toString());
  }

  /** Returns the ids and the masked address, never the message. */
  @Override
  public String toString() {
    return "DeliveryAttempt[" + delivery + " to " + address + ", number " + number + "]";
  }
}
