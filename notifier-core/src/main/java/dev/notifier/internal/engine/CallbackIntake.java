package dev.notifier.internal.engine;

import dev.notifier.CallbackReply;
import dev.notifier.CallbackRequest;
import dev.notifier.Callbacks;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryReport;
import dev.notifier.StoreException;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.event.Listeners;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import dev.notifier.spi.NotificationStore;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the channel verify and understand a callback, then moves the deliveries that it is about.
 */
final class CallbackIntake implements Callbacks {
  private static final Logger log = LoggerFactory.getLogger(CallbackIntake.class);

  private final Channels channels;
  private final NotificationStore store;
  private final Listeners listeners;

  CallbackIntake(Channels channels, NotificationStore store, Listeners listeners) {
    this.channels = channels;
    this.store = store;
    this.listeners = listeners;
  }

  @Override
  public CallbackReply accept(String channel, CallbackRequest request) {
    ChannelId id = ChannelId.of(channel);
    try {
      List<DeliveryUpdate> updates = channels.get(id).channel().receive(request);
      long moved = updates.stream().filter(update -> apply(id, update)).count();
      return new CallbackReply(200, moved + " of " + updates.size() + " updates moved a delivery");
    } catch (InvalidCallbackException e) {
      log.warn("refused a callback for channel {}: {}", id, e.getMessage());
      return new CallbackReply(e.httpStatus(), String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      log.error("could not record a callback for channel {}; it should be sent again", id, e);
      return new CallbackReply(503, "the store failed: " + e.getMessage());
    }
  }

  private boolean apply(ChannelId channel, DeliveryUpdate update) {
    return store
        .update(channel, update)
        .map(
            applied -> {
              announce(applied);
              return true;
            })
        .orElse(false);
  }

  private void announce(AppliedUpdate applied) {
    DeliveryReport delivery = applied.delivery();
    log.debug("delivery {} is {}: {}", delivery.id(), delivery.status(), delivery.reason());
    listeners.updated(applied.notification().id(), delivery);
  }
}
