package dev.notifier.internal.delivery;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.StoreException;
import dev.notifier.internal.resilience.Gate;
import dev.notifier.spi.Channel;
import dev.notifier.spi.NotificationStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the channel and makes a result of whatever comes back: an exception is a failure too, and a
 * provider's words are shown without the address they may quote.
 */
final class ChannelCall implements Gate {
  private static final Logger log = LoggerFactory.getLogger(ChannelCall.class);

  private static final Duration UNTIL_HELD_AGAIN = Duration.ofSeconds(1);

  private final Channel channel;
  private final NotificationStore store;
  private final InstantSource clock;

  /** Creates the call of a channel, for deliveries that the store still gives this process. */
  ChannelCall(Channel channel, NotificationStore store, InstantSource clock) {
    this.channel = channel;
    this.store = store;
    this.clock = clock;
  }

  @Override
  public DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain none) {
    if (!mayBegin(attempt)) {
      return DeliveryResult.deferred(
          clock.instant().plus(UNTIL_HELD_AGAIN),
          Obstacle.RECIPIENT_LIMIT,
          "this process has lost touch with the store, and may not send before it has it again");
    }
    return Redaction.of(answer(attempt), attempt.address());
  }

  private boolean mayBegin(DeliveryAttempt attempt) {
    try {
      return store.begin(attempt);
    } catch (StoreException e) {
      log.error("the store failed before an attempt on channel {}", attempt.channel(), e);
      return false;
    }
  }

  private DeliveryResult answer(DeliveryAttempt attempt) {
    try {
      DeliveryResult result = channel.send(attempt);
      return result != null ? result : DeliveryResult.ambiguous("the channel returned null");
    } catch (IOException e) {
      return DeliveryResult.transientFailure(Failures.name(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DeliveryResult.ambiguous("interrupted while the notifier was closing");
    } catch (Throwable e) { // even a linkage error must not end a worker or strand a delivery
      String failure = Redaction.of(Failures.describe(e), attempt.address());
      log.error("channel {} broke its contract: {}", attempt.channel(), failure);
      return DeliveryResult.transientFailure(failure);
    }
  }
}
