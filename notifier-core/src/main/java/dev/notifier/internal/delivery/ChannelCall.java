package dev.notifier.internal.delivery;

import dev.notifier.Address;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
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
    return withoutAddress(answer(attempt), attempt.address());
  }

  private DeliveryResult answer(DeliveryAttempt attempt) {
    try {
      DeliveryResult result = channel.send(attempt);
      return result != null ? result : DeliveryResult.ambiguous("the channel returned null");
    } catch (IOException e) {
      return DeliveryResult.transientFailure(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DeliveryResult.ambiguous("interrupted while the notifier was closing");
    } catch (Throwable e) { // even a linkage error must not end a worker or strand a delivery
      String failure = masked(Failures.describe(e), attempt.address());
      log.error("channel {} broke its contract: {}", attempt.channel(), failure);
      return DeliveryResult.transientFailure(failure);
    }
  }

  private static DeliveryResult withoutAddress(DeliveryResult result, Address address) {
    if (!result.reason().contains(address.value())) {
      return result;
    }
    String reason = masked(result.reason(), address);
    if (result instanceof Transient failure) {
      return new Transient(reason, failure.retryAfter());
    }
    if (result instanceof Permanent failure) {
      return new Permanent(reason, failure.suppressRecipient(), failure.configurationFault());
    }
    if (result instanceof Deferred deferred) {
      return new Deferred(deferred.until(), deferred.obstacle(), reason);
    }
    return result instanceof Ambiguous ? new Ambiguous(reason) : result;
  }

  private static String masked(String text, Address address) {
    return text.replace(address.value(), address.masked());
  }
}
