package dev.notifier.internal.engine;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Requeued;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.delivery.ConfiguredChannel;
import dev.notifier.internal.delivery.DeliveryQueue;
import dev.notifier.internal.delivery.SettlementRules;
import dev.notifier.spi.QueuedDelivery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The lanes of a notifier, one per channel. Thread-safe. */
final class Lanes implements DeliveryQueue {
  private final Channels channels;
  private final Map<ChannelId, Lane> lanes = new LinkedHashMap<>();
  private final AtomicLong handovers = new AtomicLong();

  Lanes(Channels channels, InstantSource clock) {
    this.channels = channels;
    for (ConfiguredChannel channel : channels.all()) {
      lanes.put(channel.id(), new Lane(channel.id().value(), channel.policy(), clock));
    }
  }

  /** Returns the lane of a channel, or of the one that stands in for it. */
  Lane of(ChannelId channel) {
    Lane lane = lanes.get(channel);
    return lane != null
        ? lane
        : Objects.requireNonNull(lanes.get(channels.get(channel).id())); // made above, one each
  }

  Collection<Lane> all() {
    return lanes.values();
  }

  /** Returns how many deliveries have gone from one channel's lane to another's. */
  long handovers() {
    return handovers.get();
  }

  @Override
  public void begin(QueuedDelivery delivery) {
    handovers.incrementAndGet();
    setAlarms(delivery);
    requeue(delivery);
  }

  /** Puts an accepted delivery into the room that was reserved for it. */
  void fill(QueuedDelivery delivery) {
    setAlarms(delivery);
    of(delivery.channel()).fill(delivery);
  }

  /**
   * Queues the entries for all channels that follow, each for when its turn comes at the latest: a
   * lane that is blocked can hand nothing on. They come before the delivery itself, which may be
   * settled, and its alarms dropped, as soon as it is queued.
   */
  private void setAlarms(QueuedDelivery delivery) {
    Optional<Instant> deadline = SettlementRules.channelDeadline(delivery);
    if (deadline.isPresent()) {
      QueuedDelivery alarm = nextChannelAt(delivery, deadline.get());
      of(alarm.channel()).addAlarm(alarm);
      setAlarms(alarm);
    }
  }

  private static QueuedDelivery nextChannelAt(QueuedDelivery delivery, Instant deadline) {
    String reason = "its time with " + delivery.channel() + " is up";
    return delivery.requeued(
        new Requeued(Cause.FALL_BACK, delivery.position() + 1, deadline, reason));
  }

  @Override
  public void requeue(QueuedDelivery delivery) {
    of(delivery.channel()).add(delivery);
  }

  @Override
  public void putBack(QueuedDelivery delivery) {
    of(delivery.channel()).putBack(delivery);
  }

  @Override
  public void forget(DeliveryId id, List<ChannelId> of) {
    of.forEach(channel -> of(channel).discard(id));
  }

  @Override
  public void hold(ChannelId channel, Instant until) {
    of(channel).hold(until);
  }
}
