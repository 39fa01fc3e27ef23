package dev.notifier.internal.delivery;

import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.internal.event.Counters;
import dev.notifier.internal.event.Listeners;
import dev.notifier.internal.event.Outcomes;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the outside what was settled: counters, log, listeners, and whoever waits for it. */
public final class Announcer {
  private static final Logger log = LoggerFactory.getLogger(Announcer.class);

  private final NotificationStore store;
  private final Channels channels;
  private final Listeners listeners;
  private final Outcomes outcomes;

  /** Creates an announcer. */
  public Announcer(
      NotificationStore store, Channels channels, Listeners listeners, Outcomes outcomes) {
    this.store = store;
    this.channels = channels;
    this.listeners = listeners;
    this.outcomes = outcomes;
  }

  /** Announces an attempt and what was decided. */
  void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
    listeners.attempted(attempt, result, settlement);
  }

  /** Announces what was decided about a delivery, with or without an attempt. */
  public void settled(QueuedDelivery delivery, Settlement settlement, Instant now) {
    Counters counters = channels.get(delivery.channel()).counters();
    if (settlement instanceof Requeued again) {
      requeued(delivery, again, counters);
    } else {
      finished(delivery, (Finished) settlement, counters, now);
    }
  }

  private void requeued(QueuedDelivery delivery, Requeued again, Counters counters) {
    switch (again.cause()) {
      case RETRY -> counters.count(Event.RETRIED);
      case DEFERRAL -> counters.count(Event.DEFERRED);
      case FALL_BACK -> {
        counters.count(Event.FELL_BACK);
        log.info(
            "delivery {} falls back from {} to {}: {}",
            delivery.id(),
            delivery.channel(),
            delivery.leg().get(again.position()),
            again.reason());
        return;
      }
    }
    log.debug(
        "delivery {} waits for {} until {}: {}",
        delivery.id(),
        delivery.channel(),
        again.due(),
        again.reason());
  }

  private void finished(
      QueuedDelivery delivery, Finished finished, Counters counters, Instant now) {
    count(finished.status(), counters, now);
    if (finished.status() == DeliveryStatus.SENT || finished.status() == DeliveryStatus.CANCELLED) {
      log.debug("delivery {} is {} on {}", delivery.id(), finished.status(), delivery.channel());
    } else {
      log.warn(
          "delivery {} is {} on {}: {}",
          delivery.id(),
          finished.status(),
          delivery.channel(),
          finished.reason());
    }
    tellListeners(delivery, finished);
    outcomes.finished(delivery.id().notification(), finished.status());
    outcomes.settled(delivery.id().notification());
  }

  private static void count(DeliveryStatus status, Counters counters, Instant now) {
    switch (status) {
      case SENT -> counters.countSent(now);
      case FAILED -> counters.count(Event.FAILED);
      case EXPIRED -> counters.count(Event.EXPIRED);
      case SUPPRESSED -> counters.count(Event.SUPPRESSED);
      case CANCELLED -> counters.count(Event.CANCELLED);
      default -> throw new AssertionError(status);
    }
  }

  private void tellListeners(QueuedDelivery delivery, Finished finished) {
    if (!listeners.isEmpty()) {
      NotificationId id = delivery.id().notification();
      listeners.settled(
          id,
          store
              .find(id)
              .flatMap(report -> report.delivery(delivery.id()))
              .orElseGet(() -> withoutHistory(delivery, finished)));
    }
  }

  /** History may be so short that the store has forgotten the delivery already. */
  private static DeliveryReport withoutHistory(QueuedDelivery delivery, Finished finished) {
    return new DeliveryReport(
        delivery.id(),
        delivery.channel(),
        finished.status(),
        finished.reason(),
        Optional.empty(),
        List.of());
  }
}
