package dev.notifier.channel.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.CallbackRequest;
import dev.notifier.spi.InvalidCallbackException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Understands the updates that Telegram posts to the host: who has blocked the bot, and who has let
 * it in. Any other update is no concern of ours. Thread-safe.
 *
 * @see <a href="https://core.telegram.org/bots/api#setwebhook">Bot API, setWebhook</a>
 */
final class UpdateIntake {
  private static final String HEADER = "X-Telegram-Bot-Api-Secret-Token";

  private final Optional<String> secret;
  private final Events events;

  UpdateIntake(Optional<String> secret, Events events) {
    this.secret = secret;
    this.events = events;
  }

  void accept(CallbackRequest request) {
    checkSecret(request);
    JsonNode update = Json.read(request.body());
    if (!update.path("update_id").isIntegralNumber()) {
      throw InvalidCallbackException.malformed("the callback is not an update of the Bot API");
    }
    JsonNode change = update.path("my_chat_member");
    JsonNode chat = change.path("chat").path("id");
    if (chat.isIntegralNumber()) {
      announce(chat.asText(), change.path("new_chat_member").path("status").asText());
    }
  }

  private void checkSecret(CallbackRequest request) {
    String expected =
        secret.orElseThrow(
            () ->
                InvalidCallbackException.malformed(
                    "the channel has no callback secret, so no callback can be verified"));
    List<String> given = request.headers(HEADER);
    if (given.size() != 1 || !MessageDigest.isEqual(bytes(given.get(0)), bytes(expected))) {
      throw InvalidCallbackException.forged("the header " + HEADER + " is missing or wrong");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void announce(String chat, String status) {
    switch (status) {
      case "kicked", "left" -> events.blocked(chat);
      case "member", "administrator" -> events.admitted(chat);
      default -> {} // restricted says nothing of whether the bot can write
    }
  }
}
