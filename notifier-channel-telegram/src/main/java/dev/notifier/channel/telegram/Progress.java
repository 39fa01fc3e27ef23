package dev.notifier.channel.telegram;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import java.util.Optional;

/**
 * How far a delivery has come. Immutable.
 *
 * <p>It keeps the message as it was first made: an interceptor that says something else on a retry
 * must not garble a text of which a part has left.
 *
 * @param sent how many steps have left
 * @param firstMessageId the provider's id of the first of them
 * @param plain whether Telegram has refused the markup, so that the rest goes without
 */
record Progress(Message message, int sent, Optional<String> firstMessageId, boolean plain) {
  static Progress start(Message message) {
    return new Progress(message, 0, Optional.empty(), false);
  }

  Progress afterOne(Optional<String> messageId) {
    return new Progress(message, sent + 1, sent == 0 ? messageId : firstMessageId, plain);
  }

  Progress withoutMarkup() {
    return new Progress(message, sent, firstMessageId, true);
  }

  boolean hasMarkup() {
    return !plain && message.mode() != ParseMode.PLAIN;
  }

  boolean isDone() {
    return sent == message.steps().size();
  }

  Step next() {
    return message.steps().get(sent);
  }

  /** Returns a failure whose reason also says what has left before it. */
  DeliveryResult explain(DeliveryResult failure) {
    if (sent == 0) {
      return failure;
    }
    String reason =
        failure.reason() + " (" + sent + " of " + message.steps().size() + " messages were sent)";
    if (failure instanceof Transient result) {
      return new Transient(reason, result.retryAfter());
    }
    if (failure instanceof Permanent result) {
      return new Permanent(reason, result.suppressRecipient(), result.configurationFault());
    }
    if (failure instanceof Deferred result) {
      return new Deferred(result.until(), result.obstacle(), reason);
    }
    return failure instanceof Ambiguous ? new Ambiguous(reason) : failure;
  }

  /** Returns about how many bytes of text it holds; files are the notification's own. */
  int weight() {
    return 1000 + 2 * message.steps().stream().mapToInt(step -> step.text().length()).sum();
  }
}
