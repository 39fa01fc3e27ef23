package dev.notifier.spi;

import dev.notifier.ChannelId;
import dev.notifier.NotificationId;
import java.util.Collection;

/**
 * The way from a store into the lanes of one notifier. Thread-safe.
 *
 * <p>A store calls it on threads of its own, holding no lock: listeners of the application may run
 * on them.
 */
public interface DeliveryFeed {
  /** Returns the channels that have a lane here. */
  Collection<ChannelId> channels();

  /** Tells whether deliveries on a channel have a lane here; one may stand in for others. */
  boolean serves(ChannelId channel);

  /** Tells how many deliveries lie in the lane of a channel; 0 if there is no such lane. */
  int waiting(ChannelId channel);

  /**
   * Tells how many more deliveries the lane of a channel would take; 0 if there is no such lane.
   */
  int room(ChannelId channel);

  /** Queues a delivery that now is this process's, whether or not there is room. */
  void bring(QueuedDelivery delivery);

  /** Announces that a delivery was cancelled here on behalf of another process. */
  void cancelled(QueuedDelivery delivery);

  /** Announces a provider's update that was applied later than it came. */
  void updated(AppliedUpdate update);

  /** Returns the notifications whose outcome somebody here waits for; a snapshot. */
  Collection<NotificationId> awaited();

  /** Says that a notification which is awaited here was settled by another process. */
  void settledElsewhere(NotificationId id);
}
