package dev.notifier.internal.resilience;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Pauses a channel after a configuration fault: a bad token does not get better by trying it on
 * every message. When the pause is over, one attempt at a time finds out whether it was mended.
 */
public final class PauseGate implements Gate {
  private static final Duration TRIAL_WAIT = Duration.ofSeconds(1);

  /** Hears when the channel pauses and when it works again; called without a lock. */
  public interface Observer {
    /** The channel was up and is now paused. */
    void paused(String reason, Instant until);

    /** The channel was paused and works again. */
    void resumed();
  }

  /**
   * A pause.
   *
   * @param until when to try again
   * @param reason the fault
   */
  public record Pause(Instant until, String reason) {}

  private final Duration length;
  private final InstantSource clock;
  private final Observer observer;
  private final AtomicReference<@Nullable Pause> pause = new AtomicReference<>();
  private final AtomicBoolean trialUnderWay = new AtomicBoolean();

  /** Creates the gate of one channel. */
  public PauseGate(Duration length, InstantSource clock, Observer observer) {
    this.length = length;
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain next) {
    Pause current = pause.get();
    if (current == null) {
      return watch(next.proceed(attempt));
    }
    if (clock.instant().isBefore(current.until())) {
      return putOff(current, current.until());
    }
    if (!trialUnderWay.compareAndSet(false, true)) {
      return putOff(current, clock.instant().plus(TRIAL_WAIT));
    }
    try {
      Pause latest = pause.get(); // the trial before this one may have renewed it just now
      return latest != null && clock.instant().isBefore(latest.until())
          ? putOff(latest, latest.until())
          : watch(next.proceed(attempt));
    } finally {
      trialUnderWay.set(false);
    }
  }

  private static DeliveryResult putOff(Pause current, Instant until) {
    return DeliveryResult.deferred(
        until, Obstacle.UNAVAILABLE, "the channel is paused: " + current.reason());
  }

  private DeliveryResult watch(DeliveryResult result) {
    if (result instanceof Permanent failure && failure.configurationFault()) {
      start(failure.reason());
    } else if (!(result instanceof Deferred || result instanceof Transient)) {
      end(); // the provider itself answered, and did not find fault with the configuration
    }
    return result;
  }

  private void start(String reason) {
    Pause started = new Pause(clock.instant().plus(length), reason);
    if (pause.getAndSet(started) == null) {
      observer.paused(reason, started.until());
    }
  }

  private void end() {
    if (pause.get() != null && pause.getAndSet(null) != null) {
      observer.resumed();
    }
  }

  /** Returns the pause, if the channel is paused. */
  public Optional<Pause> pause() {
    return Optional.ofNullable(pause.get());
  }
}
