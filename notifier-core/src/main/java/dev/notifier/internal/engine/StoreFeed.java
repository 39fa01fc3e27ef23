package dev.notifier.internal.engine;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.Settlement;
import dev.notifier.internal.delivery.Announcer;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.delivery.ConfiguredChannel;
import dev.notifier.internal.event.Listeners;
import dev.notifier.internal.event.LogContext;
import dev.notifier.internal.event.Outcomes;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.DeliveryFeed;
import dev.notifier.spi.QueuedDelivery;
import java.time.InstantSource;
import java.util.Collection;

/** Passes on what a store brings: to the lanes, the listeners and those who wait. */
final class StoreFeed implements DeliveryFeed {
  private static final Settlement CANCELLED =
      new Settlement.Finished(DeliveryStatus.CANCELLED, "cancelled by the application");

  private final Channels channels;
  private final Lanes lanes;
  private final Listeners listeners;
  private final Announcer announcer;
  private final Outcomes outcomes;
  private final InstantSource clock;

  StoreFeed(
      Channels channels,
      Lanes lanes,
      Listeners listeners,
      Announcer announcer,
      Outcomes outcomes,
      InstantSource clock) {
    this.channels = channels;
    this.lanes = lanes;
    this.listeners = listeners;
    this.announcer = announcer;
    this.outcomes = outcomes;
    this.clock = clock;
  }

  @Override
  public Collection<ChannelId> channels() {
    return channels.all().stream().map(ConfiguredChannel::id).toList();
  }

  @Override
  public boolean serves(ChannelId channel) {
    return channels.find(channel).isPresent();
  }

  @Override
  public int waiting(ChannelId channel) {
    return channels.find(channel).map(found -> lanes.of(found.id()).size()).orElse(0);
  }

  @Override
  public int room(ChannelId channel) {
    return channels.find(channel).map(found -> lanes.of(found.id()).room()).orElse(0);
  }

  @Override
  public void bring(QueuedDelivery delivery) {
    lanes.begin(delivery);
  }

  @Override
  public void cancelled(QueuedDelivery delivery) {
    lanes.forget(delivery.id(), delivery.leg());
    LogContext.run(delivery, () -> announcer.settled(delivery, CANCELLED, clock.instant()));
  }

  @Override
  public void updated(AppliedUpdate update) {
    listeners.updated(update.notification().id(), update.delivery());
  }

  @Override
  public Collection<NotificationId> awaited() {
    return outcomes.awaited();
  }

  @Override
  public void settledElsewhere(NotificationId id) {
    outcomes.settled(id);
  }
}
