package dev.notifier;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a delivery stands, and where it may go from there. */
public enum DeliveryStatus {
  /** Accepted for a later time. */
  SCHEDULED,
  /** Waiting in a lane, for its turn, a retry or the end of a deferral. */
  QUEUED,
  /** A worker has it; the channel may be talking to the provider. */
  SENDING,
  /** The provider accepted it. That is not proof of delivery. */
  SENT,
  /** A receipt from the provider confirmed delivery. */
  DELIVERED,
  /** The whole route failed; a dead letter tells why. */
  FAILED,
  /** The provider accepted it first and reported later that it could not be delivered. */
  BOUNCED,
  /** Cancelled by the application before it was sent. */
  CANCELLED,
  /** Its time ran out before it could be sent. */
  EXPIRED,
  /** Every address of its route is suppressed. */
  SUPPRESSED;

  private static final Map<DeliveryStatus, Set<DeliveryStatus>> TRANSITIONS =
      new EnumMap<>(
          Map.of(
              SCHEDULED, EnumSet.of(QUEUED, SENDING, CANCELLED, EXPIRED, SUPPRESSED, FAILED),
              QUEUED, EnumSet.of(SENDING, CANCELLED, EXPIRED, SUPPRESSED, FAILED),
              SENDING, EnumSet.of(QUEUED, SENT, FAILED, EXPIRED, SUPPRESSED),
              SENT, EnumSet.of(DELIVERED, BOUNCED)));

  /** Tells whether a delivery in this state may move to {@code next}; staying is not moving. */
  public boolean canBecome(DeliveryStatus next) {
    return TRANSITIONS.getOrDefault(this, Set.of()).contains(next);
  }

  /** Tells whether this library owes nothing more: the delivery was sent, or never will be. */
  public boolean isSettled() {
    return this != SCHEDULED && this != QUEUED && this != SENDING;
  }
}
