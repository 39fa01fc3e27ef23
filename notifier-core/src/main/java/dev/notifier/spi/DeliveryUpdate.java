package dev.notifier.spi;

import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import java.util.Objects;
import java.util.Optional;

/**
 * What a provider reported about a message after it had accepted it. Immutable.
 *
 * <p>The message is named by our own delivery id where the provider carries one for us, or else by
 * the provider's message id.
 */
public final class DeliveryUpdate {
  private final Optional<DeliveryId> delivery;
  private final Optional<String> providerMessageId;
  private final DeliveryStatus status;
  private final String reason;
  private final boolean suppressesRecipient;

  private DeliveryUpdate(
      Optional<DeliveryId> delivery,
      Optional<String> providerMessageId,
      DeliveryStatus status,
      String reason,
      boolean suppressesRecipient) {
    if (status != DeliveryStatus.DELIVERED && status != DeliveryStatus.BOUNCED) {
      throw new IllegalArgumentException(
          "an update must be DELIVERED or BOUNCED, but was " + status);
    }
    this.delivery = delivery;
    this.providerMessageId = providerMessageId;
    this.status = status;
    this.reason = Objects.requireNonNull(reason, "reason");
    this.suppressesRecipient = suppressesRecipient;
  }

  /**
   * Returns an update about a delivery of ours.
   *
   * @param status DELIVERED or BOUNCED; what is neither is not worth an update
   */
  public static DeliveryUpdate of(DeliveryId delivery, DeliveryStatus status, String reason) {
    return new DeliveryUpdate(Optional.of(delivery), Optional.empty(), status, reason, false);
  }

  /**
   * Returns an update about a message of the provider's.
   *
   * @param status DELIVERED or BOUNCED; what is neither is not worth an update
   */
  public static DeliveryUpdate of(String providerMessageId, DeliveryStatus status, String reason) {
    return new DeliveryUpdate(
        Optional.empty(), Optional.of(providerMessageId), status, reason, false);
  }

  /** Returns this update, which also says that the address is dead or has opted out. */
  public DeliveryUpdate suppressingRecipient() {
    return new DeliveryUpdate(delivery, providerMessageId, status, reason, true);
  }

  /** Returns our own id of the delivery, if the provider gave it back. */
  public Optional<DeliveryId> delivery() {
    return delivery;
  }

  /** Returns the provider's id of the message, if our own is not known. */
  public Optional<String> providerMessageId() {
    return providerMessageId;
  }

  /** Returns DELIVERED or BOUNCED. */
  public DeliveryStatus status() {
    return status;
  }

  /** Returns why, in words for an operator. */
  public String reason() {
    return reason;
  }

  /** Tells whether nothing more may be sent to the address. */
  public boolean suppressesRecipient() {
    return suppressesRecipient;
  }

  @Override
  public String toString() {
    return "DeliveryUpdate[" + status + "]";
  }
}
