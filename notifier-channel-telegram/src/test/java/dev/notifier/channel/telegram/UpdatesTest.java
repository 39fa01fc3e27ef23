package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.CallbackRequest;
import dev.notifier.spi.InvalidCallbackException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpdatesTest {
  private static final String HEADER = "X-Telegram-Bot-Api-Secret-Token";
  private static final String SECRET = "callback-Secret_1";

  private final List<String> heard = new ArrayList<>();
  private final TelegramChannel channel =
      TelegramChannel.bot(BotServer.TOKEN)
          .callbackSecret(SECRET)
          .listener(
              new TelegramListener() {
                @Override
                public void botBlocked(String chatId) {
                  heard.add("blocked by " + chatId);
                }

                @Override
                public void botAdmitted(String chatId) {
                  heard.add("admitted by " + chatId);
                }
              })
          .listener(new TelegramListener() {})
          .create();

  @AfterEach
  void close() {
    channel.close();
  }

  private static CallbackRequest request(String body) {
    return CallbackRequest.of("POST", "https://shop.example/telegram")
        .body(body.getBytes(StandardCharsets.UTF_8));
  }

  private static CallbackRequest verified(String body) {
    return request(body).header(HEADER.toLowerCase(java.util.Locale.ROOT), SECRET);
  }

  private static String memberUpdate(long chat, String status) {
    return "{\"update_id\":1,\"my_chat_member\":{\"chat\":{\"id\":"
        + chat
        + ",\"type\":\"private\"},\"from\":{\"id\":1},\"date\":1,\"old_chat_member\":{\"status\":\"member\"},"
        + "\"new_chat_member\":{\"status\":\""
        + status
        + "\",\"user\":{\"id\":1},\"until_date\":0}}}";
  }

  @ParameterizedTest
  @CsvSource({
    "42, kicked, blocked by 42",
    "-100123, left, blocked by -100123",
    "42, member, admitted by 42",
    "-5, administrator, admitted by -5"
  })
  void whoBlocksTheBotIsHeardOf(long chat, String status, String event) {
    assertThat(channel.receive(verified(memberUpdate(chat, status)))).isEmpty();

    assertThat(heard).containsExactly(event);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"update_id\":1,\"message\":{\"text\":\"/start\"}}",
        "{\"update_id\":1}",
        "{\"update_id\":1,\"my_chat_member\":{}}"
      })
  void otherUpdatesAreNoConcernOfOurs(String body) {
    assertThat(channel.receive(verified(body))).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  void aRestrictedBotIsNotBlocked() {
    channel.receive(verified(memberUpdate(-5, "restricted")));

    assertThat(heard).isEmpty();
  }

  @Test
  void aForgedUpdateIsRefused() {
    String update = memberUpdate(42, "kicked");

    for (CallbackRequest forged :
        List.of(
            request(update),
            request(update).header(HEADER, "callback-Secret_2"),
            request(update).header(HEADER, ""),
            request(update).header(HEADER, SECRET).header(HEADER, "x"))) {
      assertThatThrownBy(() -> channel.receive(forged))
          .isInstanceOfSatisfying(
              InvalidCallbackException.class, e -> assertThat(e.httpStatus()).isEqualTo(403))
          .hasMessageNotContaining(SECRET);
    }
    assertThat(heard).isEmpty();
  }

  @Test
  void whatIsNoUpdateIsRefused() {
    for (String body : List.of("", "no JSON", "[]", "{}", "{\"update_id\":\"x\"}")) {
      assertThatThrownBy(() -> channel.receive(verified(body)))
          .isInstanceOfSatisfying(
              InvalidCallbackException.class, e -> assertThat(e.httpStatus()).isEqualTo(400));
    }
  }

  @Test
  void withoutASecretNothingCanBeVerified() {
    try (TelegramChannel open = TelegramChannel.bot(BotServer.TOKEN).create()) {
      assertThatThrownBy(() -> open.receive(verified(memberUpdate(42, "kicked"))))
          .isInstanceOf(InvalidCallbackException.class)
          .hasMessageContaining("no callback secret");
    }
  }
}
