package dev.notifier.internal.delivery;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.DeliveryStatus;
import dev.notifier.OnAmbiguity;
import dev.notifier.Priority;
import dev.notifier.Route;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Cause;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Decides what becomes of a delivery: retry, fall back, wait or done. It is a pure function of the
 * delivery, the result and the time, but for the jitter, whose source is given.
 */
public final class SettlementRules {
  private static final String MAY_HAVE_IT = "the provider may have it, so it is not sent again: ";

  private final Function<ChannelId, ChannelPolicy> policies;
  private final Duration longestLife;
  private final DoubleSupplier random;

  /**
   * Creates the rules.
   *
   * @param longestLife when a notification expires that says nothing of it
   * @param random numbers from 0 to 1, for the jitter
   */
  public SettlementRules(
      Function<ChannelId, ChannelPolicy> policies, Duration longestLife, DoubleSupplier random) {
    this.policies = policies;
    this.longestLife = longestLife;
    this.random = random;
  }

  /**
   * Decides whether a delivery that a worker has just claimed must not be attempted at all.
   *
   * @param objection why nothing may be sent to its recipient on this channel
   */
  public Optional<Settlement> beforeAttempt(
      QueuedDelivery delivery, Optional<String> objection, Instant now) {
    if (!now.isBefore(expiry(delivery))) {
      return Optional.of(expired("its time ran out before it could be sent"));
    }
    if (delivery.isOutcomeUnknown()
        && delivery.notification().onAmbiguity() == OnAmbiguity.GIVE_UP) {
      return Optional.of(
          failed(MAY_HAVE_IT + "the process that sent it ended before the outcome was recorded"));
    }
    if (objection.isPresent()) {
      String reason = objection.get();
      return Optional.of(
          nextChannel(delivery, now, reason)
              .orElse(new Finished(DeliveryStatus.SUPPRESSED, reason)));
    }
    Optional<Instant> quietUntil = quietUntil(delivery, now);
    if (quietUntil.isPresent()) {
      return Optional.of(afterQuietHours(delivery, quietUntil.get(), now));
    }
    return isOverdue(delivery, now)
        ? nextChannel(delivery, now, "its time with " + delivery.channel() + " is up")
        : Optional.empty();
  }

  private Settlement afterQuietHours(QueuedDelivery delivery, Instant end, Instant now) {
    return end.isBefore(expiry(delivery))
        ? waitUntil(delivery, end, "the recipient's quiet hours last until " + end, now)
        : expired("its time runs out in the recipient's quiet hours, which last until " + end);
  }

  private static Optional<Instant> quietUntil(QueuedDelivery delivery, Instant at) {
    return delivery.priority() == Priority.CRITICAL
        ? Optional.empty()
        : delivery.notification().recipient().quietHours().flatMap(quiet -> quiet.endIfQuiet(at));
  }

  /** Decides what follows from the result of an attempt. */
  public Settlement settle(QueuedDelivery delivery, DeliveryResult result, Instant now) {
    if (result instanceof Accepted accepted) {
      return new Finished(DeliveryStatus.SENT, accepted.reason());
    }
    if (result instanceof Transient failure) {
      return retry(delivery, failure.retryAfter().orElse(Duration.ZERO), failure.reason(), now);
    }
    if (result instanceof Ambiguous failure) {
      return ambiguous(delivery, failure, now);
    }
    if (result instanceof Permanent failure) {
      return permanent(delivery, failure, now);
    }
    if (result instanceof Deferred deferred) {
      return deferred(delivery, deferred, now);
    }
    throw new AssertionError(result);
  }

  private Settlement ambiguous(QueuedDelivery delivery, Ambiguous failure, Instant now) {
    return delivery.notification().onAmbiguity() == OnAmbiguity.GIVE_UP
        ? failed(MAY_HAVE_IT + failure.reason())
        : retry(delivery, Duration.ZERO, failure.reason(), now);
  }

  private Settlement permanent(QueuedDelivery delivery, Permanent failure, Instant now) {
    return nextChannel(delivery, now, failure.reason())
        .orElseGet(
            () ->
                failure.configurationFault()
                    ? waitUntil(delivery, now.plus(pause(delivery)), failure.reason(), now)
                    : failed(failure.reason()));
  }

  private Duration pause(QueuedDelivery delivery) {
    return policies.apply(delivery.channel()).configurationFaultPause();
  }

  private Settlement deferred(QueuedDelivery delivery, Deferred deferred, Instant now) {
    return switch (deferred.obstacle()) {
      case UNAVAILABLE ->
          nextChannel(delivery, now, deferred.reason())
              .orElseGet(() -> waitUntil(delivery, deferred.until(), deferred.reason(), now));
      case RECIPIENT_LIMIT -> waitUntil(delivery, deferred.until(), deferred.reason(), now);
      // The whole lane waits. The delivery keeps its due time, and so its place in the line.
      case CHANNEL_LIMIT -> waitUntil(delivery, delivery.due(), deferred.reason(), now);
    };
  }

  private Settlement retry(
      QueuedDelivery delivery, Duration retryAfter, String reason, Instant now) {
    boolean leaveAtOnce =
        delivery.notification().route().fallbackOn() == Route.FallbackOn.FIRST_FAILURE
            || isOverdue(delivery, now);
    Optional<Duration> delay =
        leaveAtOnce && delivery.hasNextChannel()
            ? Optional.empty()
            : policies
                .apply(delivery.channel())
                .retry(delivery.priority())
                .delayAfter(delivery.attempts() + 1, retryAfter, random.getAsDouble());
    return delay
        .map(wait -> requeue(delivery, Cause.RETRY, now.plus(wait), reason, now))
        .orElseGet(() -> nextChannel(delivery, now, reason).orElseGet(() -> failed(reason)));
  }

  private Settlement waitUntil(QueuedDelivery delivery, Instant until, String reason, Instant now) {
    return requeue(delivery, Cause.DEFERRAL, until, reason, now);
  }

  /** Puts it back on its channel, unless the time with that channel, or its life, ends before. */
  private Settlement requeue(
      QueuedDelivery delivery, Cause cause, Instant due, String reason, Instant now) {
    boolean leaves = isOverdue(delivery, due) || isOverdue(delivery, now);
    Instant next = leaves ? channelDeadline(delivery).orElseThrow() : due;
    if (!next.isBefore(expiry(delivery))) {
      return nextChannel(delivery, now, reason)
          .orElseGet(
              () -> expired("it would be tried again only after its time has run out: " + reason));
    }
    return leaves
        ? new Requeued(Cause.FALL_BACK, delivery.position() + 1, next, reason)
        : new Requeued(cause, delivery.position(), next, reason);
  }

  private static Optional<Settlement> nextChannel(
      QueuedDelivery delivery, Instant now, String reason) {
    return delivery.hasNextChannel()
        ? Optional.of(new Requeued(Cause.FALL_BACK, delivery.position() + 1, now, reason))
        : Optional.empty();
  }

  private static boolean isOverdue(QueuedDelivery delivery, Instant at) {
    Optional<Instant> deadline = channelDeadline(delivery);
    return deadline.isPresent() && !at.isBefore(deadline.get());
  }

  /**
   * Returns when a delivery must leave its channel for the next one, if the route says so. A
   * channel whose turn comes in quiet hours has its time after them.
   */
  public static Optional<Instant> channelDeadline(QueuedDelivery delivery) {
    Optional<Duration> time = delivery.notification().route().fallbackAfter();
    if (time.isEmpty() || !delivery.hasNextChannel()) {
      return Optional.empty();
    }
    Instant since = delivery.positionSince();
    return time.map(quietUntil(delivery, since).orElse(since)::plus);
  }

  private Instant expiry(QueuedDelivery delivery) {
    return delivery.livesFrom().plus(delivery.notification().expiresAfter().orElse(longestLife));
  }

  private static Settlement failed(String reason) {
    return new Finished(DeliveryStatus.FAILED, reason);
  }

  private static Settlement expired(String reason) {
    return new Finished(DeliveryStatus.EXPIRED, reason);
  }
}
