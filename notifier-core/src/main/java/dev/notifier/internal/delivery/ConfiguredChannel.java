package dev.notifier.internal.delivery;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.internal.event.Counters;
import dev.notifier.internal.event.Listeners;
import dev.notifier.internal.resilience.CircuitBreakerGate;
import dev.notifier.internal.resilience.Gate;
import dev.notifier.internal.resilience.PauseGate;
import dev.notifier.internal.resilience.RateLimitGate;
import dev.notifier.spi.Channel;
import dev.notifier.spi.NotificationStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel with everything that the engine keeps about it. */
public final class ConfiguredChannel {
  private static final Logger log = LoggerFactory.getLogger(ConfiguredChannel.class);

  private final ChannelId id;
  private final Channel channel;
  private final ChannelPolicy policy;
  private final Counters counters = new Counters();
  private final PauseGate pause;
  private final CircuitBreakerGate breaker;
  private final DeliveryPipeline pipeline;

  /** Creates a channel whose attempts go through these interceptors. */
  public ConfiguredChannel(
      ChannelId id,
      Channel channel,
      ChannelPolicy policy,
      List<DeliveryInterceptor> interceptors,
      Listeners listeners,
      NotificationStore store,
      InstantSource clock) {
    this.id = id;
    this.channel = channel;
    this.policy = policy;
    this.pause = new PauseGate(policy.configurationFaultPause(), clock, pauseObserver(listeners));
    this.breaker = new CircuitBreakerGate(id.value(), policy, clock);

    List<Gate> gates = new ArrayList<>();
    interceptors.forEach(interceptor -> gates.add(new GuardedInterceptor(interceptor)));
    gates.add(pause);
    gates.add(breaker::passUnlessOpen);
    gates.add(new RateLimitGate(policy, clock));
    gates.add(breaker);
    gates.add(new ChannelCall(channel, store, clock));
    this.pipeline = new DeliveryPipeline(gates);
  }

  private PauseGate.Observer pauseObserver(Listeners listeners) {
    return new PauseGate.Observer() {
      @Override
      public void paused(String reason, Instant until) {
        log.error("channel {} is paused, its configuration must be mended: {}", id, reason);
        listeners.channelPaused(id, reason, until);
      }

      @Override
      public void resumed() {
        log.info("channel {} works again", id);
        listeners.channelResumed(id);
      }
    };
  }

  /** Returns its id. */
  public ChannelId id() {
    return id;
  }

  /** Returns the channel itself. */
  public Channel channel() {
    return channel;
  }

  /** Returns how the engine treats it. */
  public ChannelPolicy policy() {
    return policy;
  }

  /** Returns what happened on it. */
  public Counters counters() {
    return counters;
  }

  /** Returns the pause after a configuration fault. */
  public PauseGate pause() {
    return pause;
  }

  /** Returns its circuit breakers. */
  public CircuitBreakerGate breaker() {
    return breaker;
  }

  DeliveryPipeline pipeline() {
    return pipeline;
  }
}
