package dev.notifier.spi;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import java.io.IOException;

/**
 * A medium by which messages leave: SMTP, an SMS provider, a pager.
 *
 * <p>Called from several threads at a time, up to the concurrency of its {@link ChannelPolicy}, so
 * it must be thread-safe. It makes one attempt and tells what came of it; it does not retry, queue
 * or fall back. Every wait in it must have an end.
 */
@FunctionalInterface
public interface Channel extends AutoCloseable {
  /**
   * Makes one attempt.
   *
   * @return what came of it, never null
   * @throws IOException if there was no answer and the message cannot have left; the attempt counts
   *     as a transient failure, and so does any other exception. If the message may have left,
   *     return {@link DeliveryResult#ambiguous} instead.
   * @throws InterruptedException if the worker was interrupted because the notifier is closing; the
   *     attempt counts as ambiguous
   */
  DeliveryResult send(DeliveryAttempt attempt) throws IOException, InterruptedException;

  /**
   * Checks, when a notification is sent and before it is accepted, whether this channel could send
   * it: address, length, content. Must be quick and must not talk to anybody. The default refuses
   * nothing.
   *
   * @throws InvalidNotificationException if it could not; the message names the part, the rule and
   *     the value
   */
  default void check(DeliveryAttempt attempt) {}

  /**
   * Returns how the engine should treat this channel unless the application says otherwise, for
   * example with its provider's rate limits.
   *
   * @param defaults the policy of a channel without wishes
   */
  default ChannelPolicy policy(ChannelPolicy defaults) {
    return defaults;
  }

  /** Releases connections and the like. Called once, after the last attempt. */
  @Override
  default void close() {}
}
