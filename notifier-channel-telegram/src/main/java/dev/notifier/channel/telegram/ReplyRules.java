package dev.notifier.channel.telegram;

import dev.notifier.DeliveryResult;
import java.util.List;

/**
 * Decides what a refusal means: a pure function of the reply. 429, migration and bad markup are
 * dealt with before.
 */
final class ReplyRules {
  /** A 400 that says the chat is gone for good. */
  private static final List<String> GONE = List.of("Bad Request: group is deactivated");

  private ReplyRules() {}

  static DeliveryResult resultOf(BotReply reply) {
    int status = reply.status();
    if (status < 300) {
      return DeliveryResult.ambiguous("an answer that is not the Bot API's: " + reply.reason());
    }
    if (status == 408 || status == 503) { // the request was not taken on
      return DeliveryResult.transientFailure(reply.reason(), reply.retryAfter().orElse(null));
    }
    if (status >= 500) { // a server that was cut off or restarted may have sent the message
      return DeliveryResult.ambiguous(reply.reason());
    }
    return reply.isFromBotApi() && status >= 400 ? refusal(reply) : refusalBySomebodyElse(reply);
  }

  private static DeliveryResult refusal(BotReply reply) {
    return switch (reply.status()) {
      case 401, 404 ->
          DeliveryResult.configurationFault(
              reply.reason() + ": the token or the base URL is wrong, correct it");
      case 403 -> DeliveryResult.suppressRecipient(reply.reason());
      default ->
          GONE.stream().anyMatch(reply::says)
              ? DeliveryResult.suppressRecipient(reply.reason())
              : DeliveryResult.permanentFailure(reply.reason());
    };
  }

  /** A proxy or a wrong server: neither the message nor the recipient is to blame. */
  private static DeliveryResult refusalBySomebodyElse(BotReply reply) {
    if (reply.status() == 413) {
      return DeliveryResult.permanentFailure(reply.reason() + ": the files are too large");
    }
    return DeliveryResult.configurationFault(
        reply.reason() + ", not from the Bot API: check the token, the base URL and the proxy");
  }
}
