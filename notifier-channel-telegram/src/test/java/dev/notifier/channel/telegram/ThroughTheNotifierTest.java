package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import dev.notifier.CallbackRequest;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Recipient;
import dev.notifier.testkit.ManualNotifier;
import dev.notifier.testkit.RecordingChannel;
import dev.notifier.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an application sees: the channel and the engine together, by a clock that stands still. */
class ThroughTheNotifierTest {
  private final SettableClock clock = new SettableClock();
  private final BotServer server = new BotServer();
  private final RecordingChannel sms = new RecordingChannel();
  private final ManualNotifier notifier =
      ManualNotifier.create(
          clock,
          builder ->
              builder
                  .channel(server.bot().clock(clock).callbackSecret("secret").listener(blockList()))
                  .channel("sms", sms)
                  .policy("telegram", ChannelPolicy.builder().jitter(0).withoutBreakers().build()));

  /** As the guide shows it. */
  private TelegramListener blockList() {
    return new TelegramListener() {
      @Override
      public void botBlocked(String chatId) {
        notifier.suppressions().add(Address.parse("telegram:" + chatId), "blocked the bot");
      }

      @Override
      public void botAdmitted(String chatId) {
        notifier.suppressions().remove(Address.parse("telegram:" + chatId));
      }
    };
  }

  @AfterEach
  void close() {
    notifier.close();
    server.close();
  }

  private NotificationId send(String chat, String text) {
    return notifier.send(Notification.to("telegram:" + chat).text(text).build()).id();
  }

  private DeliveryStatus status(NotificationId id) {
    return notifier.find(id).orElseThrow().deliveries().get(0).status();
  }

  private List<String> chats() {
    return server.calls().stream().map(call -> call.text("chat_id")).toList();
  }

  @Test
  void a429HoldsTheLaneAndTheDeliveryIsMadeWhenItsTimeHasCome() {
    server.then(BotServer.tooMany(3));
    NotificationId first = send("700000001", "x");
    NotificationId second = send("700000002", "x");

    notifier.tick(Duration.ofMillis(2999));
    assertThat(chats()).containsExactly("700000001");
    notifier.tick(Duration.ofMillis(1));

    assertThat(chats()).containsExactly("700000001", "700000001", "700000002");
    assertThat(status(first)).isEqualTo(DeliveryStatus.SENT);
    assertThat(status(second)).isEqualTo(DeliveryStatus.SENT);
    assertThat(notifier.find(first).orElseThrow().deliveries().get(0).attempts()).hasSize(1);
  }

  @Test
  void aLong429OfOneChatHoldsTheOthersForFiveSeconds() {
    server.then(BotServer.tooMany(40));
    send("700000001", "x");
    send("700000002", "x");

    notifier.tick(Duration.ofMillis(4999));
    assertThat(chats()).containsExactly("700000001");
    notifier.tick(Duration.ofSeconds(1));
    assertThat(chats()).containsExactly("700000001", "700000002");
    notifier.tick(Duration.ofMillis(34_001));
    assertThat(chats()).containsExactly("700000001", "700000002", "700000001");
  }

  @Test
  void aLimitOfTheBotIsFoundOutByTheSecondChat() {
    server.then(BotServer.tooMany(40)).then(BotServer.tooMany(35));
    send("700000001", "x");
    send("700000002", "x");
    send("700000003", "x");

    notifier.tick(Duration.ofMillis(39_999));
    assertThat(chats()).containsExactly("700000001", "700000002");
    notifier.tick(Duration.ofMillis(1));
    assertThat(chats())
        .containsExactly("700000001", "700000002", "700000002", "700000003", "700000001");
  }

  @Test
  void aLongTextIsOneDeliveryWhoseRetryGoesOn() {
    server.then(BotServer.granted(11)).then(BotServer.granted(12)).then(BotServer.json(503, ""));
    String text = "1".repeat(4000) + "\n" + "2".repeat(4000) + "\n" + "3".repeat(4000);
    NotificationId id = send("700000001", text);

    notifier.tick(Duration.ofMinutes(1));

    assertThat(status(id)).isEqualTo(DeliveryStatus.SENT);
    assertThat(server.calls())
        .extracting(call -> call.text("text").substring(0, 1))
        .containsExactly("1", "2", "3", "3");
    assertThat(notifier.find(id).orElseThrow().deliveries()).hasSize(1);
  }

  @Test
  void aUserWhoBlockedTheBotIsSuppressedAndTheNextChannelTakesOver() {
    server.then(BotServer.refused(403, "Forbidden: bot was blocked by the user"));
    Notification notification =
        Notification.to(
                Recipient.named("ada").address("telegram", "700000042").sms("+4915112345678"))
            .via("telegram")
            .orElse("sms")
            .text("x")
            .build();

    notifier.send(notification);
    notifier.send(notification);
    notifier.runDue();

    assertThat(chats()).containsExactly("700000042");
    assertThat(sms.attempts()).hasSize(2);
    assertThat(notifier.suppressions().find(Address.parse("telegram:700000042")))
        .hasValueSatisfying(
            found ->
                assertThat(found.reason()).isEqualTo("403 Forbidden: bot was blocked by the user"));
  }

  @Test
  void aBadTokenPausesTheChannel() {
    server.then(BotServer.refused(401, "Unauthorized"));
    NotificationId id = send("700000001", "x");
    send("700000002", "x");

    notifier.runDue();
    assertThat(chats()).containsExactly("700000001");
    notifier.tick(Duration.ofMinutes(2));

    assertThat(status(id)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aListenerCanSuppressWhoBlocksTheBot() {
    assertThat(notifier.callbacks().accept("telegram", update("kicked")).httpStatus())
        .isEqualTo(200);
    NotificationId suppressed = send("700000042", "x");
    notifier.runDue();
    notifier.callbacks().accept("telegram", update("member"));
    NotificationId sent = send("700000042", "x");
    notifier.runDue();

    assertThat(status(suppressed)).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(status(sent)).isEqualTo(DeliveryStatus.SENT);
  }

  private static CallbackRequest update(String status) {
    String body =
        "{\"update_id\":1,\"my_chat_member\":{\"chat\":{\"id\":700000042},\"new_chat_member\":{\"status\":\""
            + status
            + "\"}}}";
    return CallbackRequest.of("POST", "https://shop.example/telegram")
        .header("X-Telegram-Bot-Api-Secret-Token", "secret")
        .body(body.getBytes(StandardCharsets.UTF_8));
  }
}
