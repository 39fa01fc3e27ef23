package dev.notifier.internal.delivery;

import dev.notifier.Address;
import dev.notifier.AttemptReport;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Requeued;
import dev.notifier.Suppression;
import dev.notifier.internal.event.LogContext;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes one delivery from queue to settled record. Read this class first.
 *
 * <p>Claim, settle and announce always run, in this order; between claim and settle the delivery is
 * this worker's alone. What stands around the channel's call is in {@link DeliveryPipeline}, what
 * follows from its result in {@link SettlementRules}.
 */
public final class DeliveryWorker {
  private final NotificationStore store;
  private final Channels channels;
  private final SettlementRules rules;
  private final Announcer announcer;
  private final DeliveryQueue queue;
  private final InstantSource clock;

  /**
   * Creates a worker. It holds no state of a delivery, so that any number of threads can use it.
   */
  public DeliveryWorker(
      NotificationStore store,
      Channels channels,
      SettlementRules rules,
      Announcer announcer,
      DeliveryQueue queue,
      InstantSource clock) {
    this.store = store;
    this.channels = channels;
    this.rules = rules;
    this.announcer = announcer;
    this.queue = queue;
    this.clock = clock;
  }

  /** Delivers, or finds out why not now, or why never. */
  public void deliver(QueuedDelivery queued) {
    if (!store.claim(queued)) {
      return; // cancelled, settled, already on another channel, or somebody else has it
    }
    LogContext context = LogContext.of(queued);
    try {
      Optional<Suppression> suppression = store.suppression(addressOf(queued));
      Instant now = clock.instant();
      Optional<Settlement> verdict = rules.beforeAttempt(queued, suppression, now);
      if (verdict.isPresent()) {
        settleUnattempted(queued, verdict.get(), now);
      } else {
        attempt(queued, now);
      }
    } finally {
      context.close();
    }
  }

  private static Address addressOf(QueuedDelivery queued) {
    return queued.notification().recipient().address(queued.channel()).orElseThrow();
  }

  private void settleUnattempted(QueuedDelivery queued, Settlement settlement, Instant now) {
    Optional<QueuedDelivery> next = store.settle(queued, null, settlement);
    announcer.settled(queued, settlement, now);
    passOn(queued, settlement, next);
  }

  private void attempt(QueuedDelivery queued, Instant startedAt) {
    DeliveryAttempt attempt = attemptAt(queued);
    DeliveryResult answer = channels.get(attempt.channel()).pipeline().run(attempt);
    Instant endedAt = clock.instant();
    DeliveryResult result = notInThePast(answer, endedAt);
    Settlement settlement = rules.settle(queued, result, endedAt);

    applyToChannel(attempt, result, endedAt);
    AttemptReport report = reportOf(attempt, startedAt, endedAt, result, settlement);
    Optional<QueuedDelivery> next = store.settle(queued, report, settlement);
    announcer.attempted(attempt, result, settlement);
    announcer.settled(queued, settlement, endedAt);
    passOn(queued, settlement, next); // last, so that the next attempt is announced after this one
  }

  /** Foreign code may put off an attempt until a time that has passed: that would spin. */
  private static DeliveryResult notInThePast(DeliveryResult result, Instant now) {
    return result instanceof Deferred deferred && !deferred.until().isAfter(now)
        ? new Deferred(now.plusMillis(1), deferred.obstacle(), deferred.reason())
        : result;
  }

  private static DeliveryAttempt attemptAt(QueuedDelivery queued) {
    DeliveryAttempt attempt =
        DeliveryAttempt.of(
            queued.id(), queued.notification(), queued.channel(), queued.attempts() + 1);
    return queued
        .notification()
        .expiresAfter()
        .map(time -> attempt.expiringAt(queued.acceptedAt().plus(time)))
        .orElse(attempt);
  }

  private void passOn(QueuedDelivery queued, Settlement settlement, Optional<QueuedDelivery> next) {
    if (settlement instanceof Requeued again) {
      next.ifPresent(delivery -> requeue(queued, again.cause(), delivery));
    } else {
      forgetAlarms(queued);
    }
  }

  private void requeue(QueuedDelivery before, Cause cause, QueuedDelivery delivery) {
    if (cause == Cause.FALL_BACK) {
      queue.begin(delivery);
    } else if (delivery.due().equals(before.due())) {
      queue.putBack(delivery);
    } else {
      queue.requeue(delivery);
    }
  }

  /** An alarm may wait behind this channel, and a retry that an alarm overtook before it. */
  private void forgetAlarms(QueuedDelivery queued) {
    if (queued.leg().size() > 1 && queued.notification().route().fallbackAfter().isPresent()) {
      queue.forget(queued.id(), queued.leg());
    }
  }

  /** Does what a result asks for beyond its own delivery. */
  private void applyToChannel(DeliveryAttempt attempt, DeliveryResult result, Instant now) {
    if (result instanceof Permanent failure && failure.suppressRecipient()) {
      store.suppress(new Suppression(attempt.address(), failure.reason(), now));
    }
    if (result instanceof Deferred deferred && deferred.obstacle() == Obstacle.CHANNEL_LIMIT) {
      queue.hold(attempt.channel(), deferred.until());
    }
  }

  private static @Nullable AttemptReport reportOf(
      DeliveryAttempt attempt,
      Instant startedAt,
      Instant endedAt,
      DeliveryResult result,
      Settlement settlement) {
    if (result instanceof Deferred) {
      return null; // nothing was attempted
    }
    Duration latency = Duration.between(startedAt, endedAt);
    return new AttemptReport(
        attempt.channel(),
        attempt.number(),
        startedAt,
        latency.isNegative() ? Duration.ZERO : latency, // the wall clock may have been set back
        result,
        settlement instanceof Requeued again ? Optional.of(again.due()) : Optional.empty());
  }
}
