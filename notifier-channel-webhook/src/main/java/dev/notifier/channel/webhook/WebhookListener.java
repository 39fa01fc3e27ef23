package dev.notifier.channel.webhook;

import dev.notifier.Address;
import dev.notifier.DeliveryAttempt;

/**
 * Hears what endpoints answer and when one is disabled, in order to tell their owners.
 *
 * <p>Methods are called on the delivery worker, without any lock held: they must be quick. They may
 * be called from several threads at a time. What they throw is logged and hurts nobody.
 */
public interface WebhookListener {
  /**
   * An endpoint answered.
   *
   * @param status the HTTP status
   * @param body the first 20,480 bytes of the body, without the endpoint's path and query and the
   *     channel's secrets; whatever else is in it was written by a stranger
   */
  default void replied(DeliveryAttempt attempt, int status, String body) {}

  /**
   * An endpoint is disabled: it said that it is gone, or it failed for too long. Its address is
   * about to be suppressed; {@link dev.notifier.Suppressions#remove} enables it again.
   */
  default void endpointDisabled(Address endpoint, String reason) {}
}
