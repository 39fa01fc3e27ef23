package dev.notifier;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the engine treats one channel: how many workers and how long a queue, how it retries, and
 * what its limits are. Immutable.
 */
public final class ChannelPolicy {
  private final int concurrency;
  private final int capacity;
  private final OverflowPolicy overflow;
  private final Map<Priority, RetryPolicy> retries;
  private final Optional<CircuitBreakerPolicy> breaker;
  private final Optional<CircuitBreakerPolicy> recipientBreaker;
  private final Optional<RateLimit> rateLimit;
  private final Optional<RateLimit> recipientRateLimit;
  private final Duration configurationFaultPause;

  private ChannelPolicy(Builder builder) {
    this.concurrency = builder.concurrency;
    this.capacity = builder.capacity;
    this.overflow = builder.overflow;
    this.retries = new EnumMap<>(builder.retries);
    this.breaker = Optional.ofNullable(builder.breaker);
    this.recipientBreaker = Optional.ofNullable(builder.recipientBreaker);
    this.rateLimit = Optional.ofNullable(builder.rateLimit);
    this.recipientRateLimit = Optional.ofNullable(builder.recipientRateLimit);
    this.configurationFaultPause = builder.configurationFaultPause;
  }

  /** Returns the policy of a channel for which nothing was set. */
  public static ChannelPolicy defaults() {
    return new Builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from this policy. */
  public Builder toBuilder() {
    Builder builder =
        new Builder()
            .concurrency(concurrency)
            .capacity(capacity)
            .overflow(overflow)
            .configurationFaultPause(configurationFaultPause);
    builder.retries.putAll(retries);
    builder.breaker = breaker.orElse(null);
    builder.recipientBreaker = recipientBreaker.orElse(null);
    builder.rateLimit = rateLimit.orElse(null);
    builder.recipientRateLimit = recipientRateLimit.orElse(null);
    return builder;
  }

  /** Returns how many attempts are made at a time. */
  public int concurrency() {
    return concurrency;
  }

  /** Returns how many deliveries may wait in the lane. */
  public int capacity() {
    return capacity;
  }

  /** Returns what happens when the lane is full. */
  public OverflowPolicy overflow() {
    return overflow;
  }

  /** Returns how a notification of this priority is retried. */
  public RetryPolicy retry(Priority priority) {
    return Objects.requireNonNull(retries.get(priority)); // the builder has one for every priority
  }

  /** Returns the breaker of the channel as a whole, if it has one. */
  public Optional<CircuitBreakerPolicy> breaker() {
    return breaker;
  }

  /** Returns the breaker of each recipient on the channel, if there is one. */
  public Optional<CircuitBreakerPolicy> recipientBreaker() {
    return recipientBreaker;
  }

  /** Returns the rate limit of the channel as a whole, if it has one. */
  public Optional<RateLimit> rateLimit() {
    return rateLimit;
  }

  /** Returns the rate limit of each recipient on the channel, if there is one. */
  public Optional<RateLimit> recipientRateLimit() {
    return recipientRateLimit;
  }

  /** Returns how long the channel pauses after a configuration fault before it is tried again. */
  public Duration configurationFaultPause() {
    return configurationFaultPause;
  }

  /** Collects the parts of a policy. Not thread-safe. */
  public static final class Builder {
    private int concurrency = 8;
    private int capacity = 100_000;
    private OverflowPolicy overflow = OverflowPolicy.block(Duration.ofSeconds(30));
    private Duration configurationFaultPause = Duration.ofMinutes(1);
    private final Map<Priority, RetryPolicy> retries =
        new EnumMap<>(
            Map.of(
                Priority.CRITICAL, RetryPolicy.seconds(1, 5, 15, 60, 300),
                Priority.HIGH, RetryPolicy.seconds(5, 30, 120),
                Priority.NORMAL, RetryPolicy.seconds(10, 60),
                Priority.LOW, RetryPolicy.none()));
    private @Nullable CircuitBreakerPolicy breaker =
        CircuitBreakerPolicy.consecutive(20, Duration.ofSeconds(30));
    private @Nullable CircuitBreakerPolicy recipientBreaker =
        CircuitBreakerPolicy.consecutive(10, Duration.ofMinutes(1));
    private @Nullable RateLimit rateLimit;
    private @Nullable RateLimit recipientRateLimit;

    private Builder() {}

    /**
     * Sets how many attempts are made at a time. Defaults to 8.
     *
     * @throws IllegalArgumentException if it is not from 1 to 1,000
     */
    public Builder concurrency(int workers) {
      if (workers < 1 || workers > 1000) {
        throw new IllegalArgumentException(
            "concurrency must be from 1 to 1000, but was " + workers);
      }
      this.concurrency = workers;
      return this;
    }

    /**
     * Sets how many deliveries may wait in the lane, retries and deferrals included. Defaults to
     * 100,000.
     *
     * @throws IllegalArgumentException if it is not from 1 to 10,000,000
     */
    public Builder capacity(int deliveries) {
      if (deliveries < 1 || deliveries > 10_000_000) {
        throw new IllegalArgumentException(
            "capacity must be from 1 to 10000000, but was " + deliveries);
      }
      this.capacity = deliveries;
      return this;
    }

    /** Sets what happens when the lane is full. Defaults to blocking for at most 30 seconds. */
    public Builder overflow(OverflowPolicy policy) {
      this.overflow = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Sets how every priority is retried. The defaults differ: see {@link Priority}. */
    public Builder retry(RetryPolicy policy) {
      for (Priority priority : Priority.values()) {
        retry(priority, policy);
      }
      return this;
    }

    /** Sets how one priority is retried. The defaults differ: see {@link Priority}. */
    public Builder retry(Priority priority, RetryPolicy policy) {
      retries.put(
          Objects.requireNonNull(priority, "priority"), Objects.requireNonNull(policy, "policy"));
      return this;
    }

    /** Sets the jitter of every retry policy given so far. Defaults to 0.2, which is ±20 %. */
    public Builder jitter(double fraction) {
      retries.replaceAll((priority, policy) -> policy.withJitter(fraction));
      return this;
    }

    /** Sets the breaker of the channel as a whole. Defaults to 20 failures in a row, 30 seconds. */
    public Builder breaker(CircuitBreakerPolicy policy) {
      this.breaker = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Sets the breaker of each recipient. Defaults to 10 failures in a row, 1 minute. */
    public Builder recipientBreaker(CircuitBreakerPolicy policy) {
      this.recipientBreaker = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Removes both breakers. */
    public Builder withoutBreakers() {
      this.breaker = null;
      this.recipientBreaker = null;
      return this;
    }

    /** Sets how many attempts the channel makes in a period. Unlimited by default. */
    public Builder rateLimit(RateLimit limit) {
      this.rateLimit = Objects.requireNonNull(limit, "limit");
      return this;
    }

    /** Sets how many attempts may go to one recipient in a period. Unlimited by default. */
    public Builder recipientRateLimit(RateLimit limit) {
      this.recipientRateLimit = Objects.requireNonNull(limit, "limit");
      return this;
    }

    /**
     * Sets how long the channel pauses after a configuration fault before one delivery tries it
     * again. Defaults to 1 minute.
     *
     * @throws IllegalArgumentException if it is not from 1 millisecond to 1 day
     */
    public Builder configurationFaultPause(Duration pause) {
      Objects.requireNonNull(pause, "pause");
      if (pause.compareTo(Duration.ofMillis(1)) < 0 || pause.compareTo(Duration.ofDays(1)) > 0) {
        throw new IllegalArgumentException(
            "configurationFaultPause must be from 1 ms to 1 day, but was " + pause);
      }
      this.configurationFaultPause = pause;
      return this;
    }

    /** Builds the policy. */
    public ChannelPolicy build() {
      return new ChannelPolicy(this);
    }
  }
}
