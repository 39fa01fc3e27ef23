package dev.notifier.internal.resilience;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.failsafe.CircuitBreaker;
import dev.notifier.Address;
import dev.notifier.ChannelHealth.Breaker;
import dev.notifier.ChannelPolicy;
import dev.notifier.CircuitBreakerPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Transient;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops calling a channel, or a recipient on it, that keeps failing.
 *
 * <p>Only transient and ambiguous failures count. A permanent one is an answer: the provider works,
 * it just does not want this message. A recipient has no breaker until its first failure, so that a
 * million healthy recipients cost nothing.
 */
public final class CircuitBreakerGate implements Gate {
  private static final Logger log = LoggerFactory.getLogger(CircuitBreakerGate.class);
  private static final int MAX_RECIPIENTS = 100_000;

  /** How long to wait while somebody else's trial call decides whether the breaker closes. */
  private static final Duration TRIAL_WAIT = Duration.ofSeconds(1);

  private final String channelName;
  private final InstantSource clock;
  private final @Nullable CircuitBreaker<Object> channel;
  private final @Nullable CircuitBreakerPolicy recipientPolicy;
  private final Cache<Address, CircuitBreaker<Object>> recipients;
  private volatile boolean hasRecipients;

  /** Creates the gate of one channel. */
  public CircuitBreakerGate(String channelName, ChannelPolicy policy, InstantSource clock) {
    this.channelName = channelName;
    this.clock = clock;
    this.channel =
        policy.breaker().map(wanted -> breaker(wanted, "channel " + channelName)).orElse(null);
    this.recipientPolicy = policy.recipientBreaker().orElse(null);
    this.recipients =
        Caffeine.newBuilder()
            .maximumSize(MAX_RECIPIENTS)
            .expireAfterAccess(Duration.ofDays(1).plusHours(1)) // longer than any can be open
            .executor(Runnable::run)
            .build();
  }

  private static CircuitBreaker<Object> breaker(CircuitBreakerPolicy policy, String what) {
    return CircuitBreaker.builder()
        .withFailureThreshold(policy.failures(), policy.window())
        .withSuccessThreshold(1)
        .withDelay(policy.openFor())
        .onOpen(event -> log.warn("circuit breaker of {} opened for {}", what, policy.openFor()))
        .onClose(event -> log.info("circuit breaker of {} closed", what))
        .build();
  }

  /** Answers at once while a breaker is open: no use in spending a permit of the rate limits. */
  public DeliveryResult passUnlessOpen(DeliveryAttempt attempt, DeliveryInterceptor.Chain next) {
    CircuitBreaker<Object> recipient = breakerOf(attempt.address());
    if (recipient != null && isShut(recipient)) {
      return putOff(recipient, "the circuit breaker of the recipient is open");
    }
    if (channel != null && isShut(channel)) {
      return putOff(channel, "the circuit breaker of channel " + channelName + " is open");
    }
    return next.proceed(attempt);
  }

  /** Every attempt asks twice, and mostly no recipient has failed yet. */
  private @Nullable CircuitBreaker<Object> breakerOf(Address address) {
    return hasRecipients ? recipients.getIfPresent(address) : null;
  }

  /** An open breaker whose time is up stays open until somebody tries it. */
  private static boolean isShut(CircuitBreaker<Object> breaker) {
    return breaker.isOpen() && !breaker.getRemainingDelay().isZero();
  }

  @Override
  public DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain next) {
    CircuitBreaker<Object> recipient = breakerOf(attempt.address());
    if (recipient != null && !recipient.tryAcquirePermit()) {
      return putOff(recipient, "the circuit breaker of the recipient is open");
    }
    if (channel != null && !channel.tryAcquirePermit()) {
      giveBackTrial(recipient);
      return putOff(channel, "the circuit breaker of channel " + channelName + " is open");
    }
    DeliveryResult result = next.proceed(attempt);
    record(attempt.address(), recipient, result);
    return result;
  }

  /** A half-open breaker has one permit for a trial; one that was not used would be missed. */
  private static void giveBackTrial(@Nullable CircuitBreaker<Object> breaker) {
    if (breaker != null && breaker.isHalfOpen()) {
      breaker.open();
    }
  }

  private DeliveryResult putOff(CircuitBreaker<Object> breaker, String reason) {
    Duration remaining = breaker.getRemainingDelay();
    Duration wait = remaining.isZero() ? TRIAL_WAIT : remaining;
    return DeliveryResult.deferred(clock.instant().plus(wait), Obstacle.UNAVAILABLE, reason);
  }

  private void record(
      Address address, @Nullable CircuitBreaker<Object> recipient, DeliveryResult result) {
    if (result instanceof Transient || result instanceof Ambiguous) {
      recordFailure(address);
    } else if (result instanceof Deferred) {
      giveBackTrial(channel); // nothing was tried
      giveBackTrial(recipient);
    } else {
      recordSuccess(recipient);
    }
  }

  private void recordFailure(Address address) {
    if (channel != null) {
      channel.recordFailure();
    }
    if (recipientPolicy != null) {
      hasRecipients = true;
      recipients.get(address, key -> breaker(recipientPolicy, "recipient " + key)).recordFailure();
    }
  }

  private void recordSuccess(@Nullable CircuitBreaker<Object> recipient) {
    if (channel != null && isMovedBySuccess(channel)) {
      channel.recordSuccess();
    }
    if (recipient != null && isMovedBySuccess(recipient)) {
      recipient.recordSuccess();
    }
  }

  /**
   * Most are closed with no failure in their window, and would stay so; to tell them all the same,
   * every worker would have to wait for their lock.
   */
  private static boolean isMovedBySuccess(CircuitBreaker<Object> breaker) {
    return !breaker.isClosed() || breaker.getFailureCount() > 0;
  }

  /** Returns what the breaker of the channel as a whole does. */
  public Breaker state() {
    if (channel == null || channel.isClosed()) {
      return Breaker.CLOSED;
    }
    return isShut(channel) ? Breaker.OPEN : Breaker.HALF_OPEN;
  }
}
