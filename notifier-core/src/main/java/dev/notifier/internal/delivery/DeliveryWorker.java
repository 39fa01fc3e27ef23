package dev.notifier.internal.delivery;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Requeued;
import dev.notifier.StoreException;
import dev.notifier.Suppression;
import dev.notifier.SuppressionTarget;
import dev.notifier.internal.event.LogContext;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
  private final Permissions permissions;
  private final SettlementRules rules;
  private final Announcer announcer;
  private final DeliveryQueue queue;
  private final InstantSource clock;

  /** Deliveries whose verdict the store did not take; their entries are in the lanes again. */
  private final Map<QueuedDelivery, Verdict> unrecorded = new ConcurrentHashMap<>();

  /** What is to be recorded of a delivery. */
  private record Verdict(
      @Nullable DeliveryAttempt attempt,
      @Nullable DeliveryResult result,
      @Nullable AttemptReport report,
      Settlement settlement,
      Instant at) {}

  /**
   * Creates a worker. It holds no state of a delivery, so that any number of threads can use it.
   */
  public DeliveryWorker(
      NotificationStore store,
      Channels channels,
      Permissions permissions,
      SettlementRules rules,
      Announcer announcer,
      DeliveryQueue queue,
      InstantSource clock) {
    this.store = store;
    this.channels = channels;
    this.permissions = permissions;
    this.rules = rules;
    this.announcer = announcer;
    this.queue = queue;
    this.clock = clock;
  }

  /**
   * Delivers, or finds out why not now, or why never. The thread stays in the delivery's {@link
   * LogContext}.
   *
   * @throws dev.notifier.StoreException if the store failed; then this must be called again with
   *     the same entry
   */
  public void deliver(QueuedDelivery queued) {
    LogContext.enter(queued);
    Verdict unrecorded = this.unrecorded.isEmpty() ? null : this.unrecorded.remove(queued);
    if (unrecorded != null) {
      conclude(queued, unrecorded);
      return;
    }
    // Asked before the claim: whatever fails until then leaves the delivery as it is.
    Optional<String> objection = permissions.objection(queued);
    if (!store.claim(queued)) {
      return; // cancelled, settled, already on another channel, or somebody else has it
    }
    conclude(queued, verdictOn(queued, objection));
  }

  private Verdict verdictOn(QueuedDelivery queued, Optional<String> objection) {
    Instant now = clock.instant();
    Optional<Settlement> withoutAttempt = rules.beforeAttempt(queued, objection, now);
    return withoutAttempt.isPresent()
        ? new Verdict(null, null, null, withoutAttempt.get(), now)
        : attempt(queued, now);
  }

  private Verdict attempt(QueuedDelivery queued, Instant startedAt) {
    DeliveryAttempt attempt = attemptAt(queued);
    DeliveryResult answer = channels.get(attempt.channel()).pipeline().run(attempt);
    Instant endedAt = clock.instant();
    DeliveryResult result = notInThePast(answer, endedAt);
    Settlement settlement = rules.settle(queued, result, endedAt);
    AttemptReport report = reportOf(attempt, startedAt, endedAt, result, settlement);
    return new Verdict(attempt, result, report, settlement, endedAt);
  }

  /** Records, announces, and passes on what is to be tried again. */
  private void conclude(QueuedDelivery queued, Verdict verdict) {
    Optional<QueuedDelivery> next;
    try {
      suppressIfAsked(verdict);
      next = store.settle(queued, verdict.report(), verdict.settlement());
    } catch (StoreException e) {
      unrecorded.put(queued, verdict); // an attempt that was made must not be made again for this
      throw e;
    }
    if (verdict.attempt() != null && verdict.result() != null) {
      holdIfAsked(verdict.attempt(), verdict.result());
      announcer.attempted(verdict.attempt(), verdict.result(), verdict.settlement());
    }
    announcer.settled(queued, verdict.settlement(), verdict.at());
    // Last, so that the next attempt is announced after this one.
    passOn(queued, verdict.settlement(), next);
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
    Optional<Duration> life = queued.notification().expiresAfter();
    return life.isPresent() ? attempt.expiringAt(queued.livesFrom().plus(life.get())) : attempt;
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

  private void suppressIfAsked(Verdict verdict) {
    if (verdict.result() instanceof Permanent failure
        && failure.suppressRecipient()
        && verdict.attempt() != null) {
      store.suppress(
          new Suppression(
              SuppressionTarget.of(verdict.attempt().address()),
              failure.reason(),
              Suppression.Source.CHANNEL,
              verdict.at()));
    }
  }

  private void holdIfAsked(DeliveryAttempt attempt, DeliveryResult result) {
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
