package dev.notifier.internal.delivery;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.internal.resilience.Gate;
import dev.notifier.spi.Channel;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the channel and makes a result of whatever comes back: an exception is a failure too, and a
 * provider's words are shown without the address they may quote.
 */
final class ChannelCall implements Gate {
  private static final Logger log = LoggerFactory.getLogger(ChannelCall.class);

  private final Channel channel;

  /** Creates the call of a channel. */
  ChannelCall(Channel channel) {
    this.channel = channel;
  }

  @Override
  public DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain none) {
    return Redaction.of(answer(attempt), attempt.address());
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
