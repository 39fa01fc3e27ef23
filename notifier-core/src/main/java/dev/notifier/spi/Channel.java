package dev.notifier.spi;

import dev.notifier.CallbackRequest;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import java.io.IOException;
import java.util.List;

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
   * @throws IOException whose message becomes the reason, so that it may hold no secret and nothing
   *     of what was to be sent, if there was no answer and the message cannot have left; the
   *     attempt counts as a transient failure, and so does any other exception. If the message may
   *     have left, return {@link DeliveryResult#ambiguous} instead.
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
   * Returns what an application should know of a message before it is sent, such as the number of
   * SMS parts, in words. Sends nothing.
   */
  default List<String> preview(DeliveryAttempt attempt) {
    return List.of();
  }

  /**
   * Finds out whether the settings work: connects and authenticates, in bounded time, and sends
   * nothing. The default does not know.
   */
  default Verification verify() {
    return new Verification(
        Verification.Verdict.UNKNOWN, "this channel cannot be verified without sending");
  }

  /**
   * Understands a provider's callback, once its signature and age are verified. What is news to
   * nobody (an interim state) gives no update.
   *
   * @throws InvalidCallbackException if it is forged, too old or malformed, as every callback is to
   *     a channel that knows none
   */
  default List<DeliveryUpdate> receive(CallbackRequest request) {
    throw InvalidCallbackException.malformed("this channel knows no callbacks");
  }

  /**
   * Returns how the engine should treat this channel unless the application says otherwise, for
   * example with its provider's rate limits.
   *
   * @param defaults the policy of a channel without wishes
   */
  default ChannelPolicy policy(ChannelPolicy defaults) {
    return defaults;
  }

  /**
   * Releases connections and the like. Called once, after the last attempt, unless the time to
   * close was up first: then attempts may still be under way, and this should end them.
   */
  @Override
  default void close() {}
}
