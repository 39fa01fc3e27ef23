package dev.notifier;

import java.time.Instant;

/**
 * Hears what happens to notifications.
 *
 * <p>Methods are called on the thread on which the thing happened, often a delivery worker, without
 * any lock held: they must be quick. They may be called from several threads at a time. What they
 * throw is logged and hurts nobody. An event that a crash of the process cut off is not repeated.
 */
public interface NotificationListener {
  /** A notification was accepted; its deliveries are about to be queued. */
  default void accepted(NotificationId id, Notification notification) {}

  /**
   * A worker is done with a delivery for now: an attempt was made, or put off, and this is what was
   * decided. The decision is already in the store.
   */
  default void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {}

  /**
   * A delivery is settled, in whatever way: sent, failed, expired, cancelled or suppressed. Called
   * once for each delivery, after {@link #attempted} if an attempt was the cause.
   */
  default void settled(NotificationId id, DeliveryReport delivery) {}

  /** A provider's callback moved a delivery that was sent: it is DELIVERED or BOUNCED now. */
  default void updated(NotificationId id, DeliveryReport delivery) {}

  /** A configuration fault paused a channel; the reason says what to mend. */
  default void channelPaused(ChannelId channel, String reason, Instant until) {}

  /** A channel that was paused works again. */
  default void channelResumed(ChannelId channel) {}
}
