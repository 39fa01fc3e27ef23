package dev.notifier.internal.event;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Settlement;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every listener; what one of them throws is logged and hurts nobody. */
public final class Listeners implements NotificationListener {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  private final List<NotificationListener> listeners;

  /** Creates the fan-out to these listeners, in this order. */
  public Listeners(List<NotificationListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  /** Tells whether nobody listens, so that an event need not be put together. */
  public boolean isEmpty() {
    return listeners.isEmpty();
  }

  @Override
  public void accepted(NotificationId id, Notification notification) {
    tell("accepted", listener -> listener.accepted(id, notification));
  }

  @Override
  public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
    tell("attempted", listener -> listener.attempted(attempt, result, settlement));
  }

  @Override
  public void settled(NotificationId id, DeliveryReport delivery) {
    tell("settled", listener -> listener.settled(id, delivery));
  }

  @Override
  public void updated(NotificationId id, DeliveryReport delivery) {
    tell("updated", listener -> listener.updated(id, delivery));
  }

  @Override
  public void channelPaused(ChannelId channel, String reason, Instant until) {
    tell("channelPaused", listener -> listener.channelPaused(channel, reason, until));
  }

  @Override
  public void channelResumed(ChannelId channel) {
    tell("channelResumed", listener -> listener.channelResumed(channel));
  }

  private void tell(String event, Consumer<NotificationListener> call) {
    for (NotificationListener listener : listeners) {
      try {
        call.accept(listener);
      } catch (Throwable e) { // even an error of foreign code must not strand a delivery
        // Only the class: a message of foreign code may quote what must not be logged.
        log.error(
            "listener {} threw {} on {}",
            listener.getClass().getName(),
            e.getClass().getName(),
            event);
      }
    }
  }
}
