package dev.notifier.internal.resilience;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.failsafe.RateLimiter;
import dev.notifier.Address;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.RateLimit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many attempts through in a period, per recipient and over all; the rest is put off.
 *
 * <p>The recipient's permit is taken first: a recipient that has had enough must not use up the
 * channel's permits as well.
 */
public final class RateLimitGate implements Gate {
  private static final int MAX_RECIPIENTS = 100_000;

  private final InstantSource clock;
  private final @Nullable RateLimit recipientLimit;
  private final @Nullable LoadingCache<Address, RecipientLimiter> recipients;
  private final @Nullable RateLimit channelLimit;
  private final @Nullable RateLimiter<Object> channel;

  /** Creates the gate of one channel. */
  public RateLimitGate(ChannelPolicy policy, InstantSource clock) {
    this.clock = clock;
    this.recipientLimit = policy.recipientRateLimit().orElse(null);
    this.recipients = recipientLimit == null ? null : limitersPerRecipient(recipientLimit);
    this.channelLimit = policy.rateLimit().orElse(null);
    this.channel = channelLimit == null ? null : limiter(channelLimit);
  }

  private static LoadingCache<Address, RecipientLimiter> limitersPerRecipient(RateLimit limit) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_RECIPIENTS)
        .expireAfterAccess(limit.period().multipliedBy(2)) // by then a limiter is as good as new
        .executor(Runnable::run)
        .build(address -> new RecipientLimiter(limiter(limit)));
  }

  private static RateLimiter<Object> limiter(RateLimit limit) {
    return RateLimiter.burstyBuilder(limit.permits(), limit.period()).build();
  }

  @Override
  public DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain next) {
    if (recipientLimit != null
        && recipients != null
        && !recipients.get(attempt.address()).tryAcquirePermit()) {
      return putOff(recipientLimit, Obstacle.RECIPIENT_LIMIT, "the recipient's rate limit");
    }
    if (channelLimit != null && channel != null && !channel.tryAcquirePermit()) {
      giveBackPermitOf(attempt.address());
      return putOff(channelLimit, Obstacle.CHANNEL_LIMIT, "the channel's rate limit");
    }
    return next.proceed(attempt);
  }

  /** Or else an attempt that was not made would use up what the recipient is allowed. */
  private void giveBackPermitOf(Address address) {
    if (recipients != null) {
      recipients.get(address).giveBack();
    }
  }

  private DeliveryResult putOff(RateLimit limit, Obstacle obstacle, String what) {
    // Failsafe does not tell when the next permit comes without taking it. On average one comes
    // each period ÷ permits, so that is when to ask again.
    Duration interval = limit.period().dividedBy(limit.permits());
    Duration wait = interval.toMillis() < 1 ? Duration.ofMillis(1) : interval;
    Instant until = clock.instant().plus(wait);
    String reason = what + " of " + limit.permits() + " in " + limit.period() + " is used up";
    return DeliveryResult.deferred(until, obstacle, reason);
  }

  /** Failsafe's limiter takes no permit back, so what was not used is kept beside it. */
  private static final class RecipientLimiter {
    private final RateLimiter<Object> limiter;
    private final AtomicInteger unused = new AtomicInteger();

    RecipientLimiter(RateLimiter<Object> limiter) {
      this.limiter = limiter;
    }

    boolean tryAcquirePermit() {
      return unused.getAndUpdate(count -> Math.max(count - 1, 0)) > 0 || limiter.tryAcquirePermit();
    }

    void giveBack() {
      unused.incrementAndGet();
    }
  }
}
