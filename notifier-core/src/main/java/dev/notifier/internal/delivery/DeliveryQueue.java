package dev.notifier.internal.delivery;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.spi.QueuedDelivery;
import java.time.Instant;
import java.util.List;

/** Where a worker puts a delivery that is to be tried again; the lanes stand behind it. */
public interface DeliveryQueue {
  /**
   * Queues a delivery whose turn with a channel begins, whether or not there is room; if its time
   * with each channel is limited, its entries for the channels that follow wait there as alarms.
   */
  void begin(QueuedDelivery delivery);

  /** Queues a delivery that stays with its channel, whether or not there is room. */
  void requeue(QueuedDelivery delivery);

  /** Queues a delivery that stays with its channel and keeps its due time, and so its place. */
  void putBack(QueuedDelivery delivery);

  /** Drops, in its own time, what is still queued of a settled delivery on these channels. */
  void forget(DeliveryId id, List<ChannelId> channels);

  /** Lets the whole lane of a channel wait until then. */
  void hold(ChannelId channel, Instant until);
}
