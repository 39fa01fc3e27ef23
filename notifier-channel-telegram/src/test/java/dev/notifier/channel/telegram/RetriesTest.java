package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Notification;
import dev.notifier.RateLimit;
import dev.notifier.channel.telegram.BotServer.Call;
import dev.notifier.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens within an attempt, and what the next attempt of the same delivery knows of it. */
class RetriesTest {
  private final SettableClock clock = new SettableClock();
  private final BotServer server = new BotServer();
  private final List<String> migrations = new ArrayList<>();
  private final TelegramChannel channel =
      server
          .bot()
          .clock(clock)
          .groupLimit(new RateLimit(20, Duration.ofMinutes(1)))
          .listener(
              new TelegramListener() {
                @Override
                public void chatMigrated(String oldChatId, String newChatId) {
                  migrations.add(oldChatId + " -> " + newChatId);
                }
              })
          .create();

  @AfterEach
  void close() {
    channel.close();
    server.close();
  }

  private List<String> texts() {
    return server.calls().stream().map(call -> call.text("text").strip()).toList();
  }

  private static DeliveryAttempt fourParts() {
    return Attempts.text(
        String.join("\n", "1".repeat(4000), "2".repeat(4000), "3".repeat(4000), "4".repeat(4000)));
  }

  // --- Parts ------------------------------------------------------------------------------------

  @Test
  void aRetryGoesOnWithThePartThatFailed() {
    server
        .then(BotServer.granted(11))
        .then(BotServer.granted(12))
        .then(BotServer.json(502, "<html>Bad Gateway</html>"))
        .then(BotServer.granted(13))
        .then(BotServer.granted(14));
    DeliveryAttempt first = fourParts();

    DeliveryResult failed = channel.send(first);
    DeliveryResult sent = channel.send(Attempts.retry(first));

    assertThat(failed).isInstanceOf(Ambiguous.class);
    assertThat(failed.reason()).contains("502", "2 of 4 messages were sent");
    assertThat(sent).isEqualTo(DeliveryResult.accepted("11"));
    assertThat(texts())
        .extracting(text -> text.substring(0, 1) + text.length())
        .containsExactly("14000", "24000", "34000", "34000", "44000");
  }

  @Test
  void everyKindOfFailureKeepsTheProgress() {
    server
        .then(BotServer.granted(11))
        .then(BotServer.json(503, "{}"))
        .then(BotServer.tooMany(3))
        .then(BotServer.refused(401, "Unauthorized"))
        .then(BotServer.granted(12))
        .then(WireMock.aResponse().withFault(Fault.EMPTY_RESPONSE));
    DeliveryAttempt attempt = fourParts();

    assertThat(channel.send(attempt)).isInstanceOf(Transient.class);
    assertThat(channel.send(attempt)).isInstanceOf(Deferred.class);
    clock.advance(Duration.ofSeconds(3));
    assertThat(channel.send(attempt))
        .isInstanceOfSatisfying(
            Permanent.class, result -> assertThat(result.configurationFault()).isTrue());
    assertThat(channel.send(attempt)).isInstanceOf(Ambiguous.class);
    assertThat(channel.send(attempt)).isEqualTo(DeliveryResult.accepted("11"));

    assertThat(texts())
        .extracting(text -> text.substring(0, 1))
        .containsExactly("1", "2", "2", "2", "2", "3", "3", "4");
  }

  @Test
  void anotherDeliveryOfTheSameTextBeginsAtItsStart() {
    server.then(BotServer.granted(11)).then(BotServer.json(503, ""));

    channel.send(fourParts());
    channel.send(fourParts());

    assertThat(texts())
        .extracting(text -> text.substring(0, 1))
        .containsExactly("1", "2", "1", "2", "3", "4");
  }

  @Test
  void theRestIsAsTheFirstAttemptSaidIt() {
    server.then(BotServer.granted(11)).then(BotServer.json(503, ""));
    DeliveryAttempt attempt = fourParts();

    channel.send(attempt);
    channel.send(Attempts.retry(attempt).withContent(Content.text("something else")));

    assertThat(texts().get(2)).startsWith("2");
  }

  @Test
  void whatIsSentIsForgottenAndSentAgainIfItIsAskedFor() {
    DeliveryAttempt attempt = Attempts.text("x");

    channel.send(attempt);
    channel.send(attempt);

    assertThat(texts()).containsExactly("x", "x");
  }

  // --- Markup -----------------------------------------------------------------------------------

  @Test
  void refusedMarkupGoesAsPlainTextInTheSameAttempt() {
    server.then(
        BotServer.refused(
            400,
            "Bad Request: can't parse entities: Unsupported start tag \"secret\" at byte offset 0"));

    DeliveryResult result = channel.send(Attempts.html("<b>1 &lt; 2</b>"));

    assertThat(result).isInstanceOf(Accepted.class);
    assertThat(texts()).containsExactly("<b>1 &lt; 2</b>", "1 < 2");
    assertThat(server.calls().get(1).parameters().has("parse_mode")).isFalse();
  }

  @Test
  void refusedMarkupOfACaptionGoesAsPlainTextToo() {
    server.then(
        BotServer.refused(400, "BAD REQUEST: Can't parse InputMedia: can't parse entities: no"));
    Notification album =
        Notification.to("telegram:" + Attempts.CHAT)
            .html("<b>x</b>")
            .options(
                TelegramOptions.create().photo("https://a.example/1").photo("https://a.example/2"))
            .build();

    assertThat(channel.send(Attempts.of(album))).isInstanceOf(Accepted.class);
    assertThat(server.calls())
        .extracting(call -> call.parameters().at("/media/0/caption").asText())
        .containsExactly("<b>x</b>", "x");
  }

  @Test
  void invalidMarkdownGoesAsPlainTextWithoutItsEscapes() {
    server.then(
        BotServer.refused(400, "Bad Request: can't parse entities: Character '.' is reserved"));
    Notification notification =
        Notification.to("telegram:" + Attempts.CHAT)
            .text("1.5 \\(about\\)")
            .options(TelegramOptions.create().parseMode(ParseMode.MARKDOWN_V2))
            .build();

    assertThat(channel.send(Attempts.of(notification))).isInstanceOf(Accepted.class);
    assertThat(texts()).containsExactly("1.5 \\(about\\)", "1.5 (about)");
  }

  @Test
  void aSecondRefusalOfTheMarkupIsPermanentAndDoesNotQuoteTheMessage() {
    server.always(BotServer.refused(400, "Bad Request: can't parse entities: tag \"secret\""));

    DeliveryResult result = channel.send(Attempts.html("<b>x</b>"));

    assertThat(result)
        .isEqualTo(DeliveryResult.permanentFailure("400 Bad Request: can't parse entities"));
    assertThat(server.calls()).hasSize(2);
  }

  @Test
  void afterOneRefusalTheWholeMessageIsPlain() {
    server
        .then(BotServer.refused(400, "Bad Request: can't parse entities: no"))
        .then(BotServer.granted(11))
        .then(BotServer.granted(12));

    channel.send(Attempts.html("<b>" + "x".repeat(5000) + "</b>"));

    assertThat(server.calls())
        .extracting(call -> call.parameters().has("parse_mode"))
        .containsExactly(true, false, false);
  }

  // --- Migration --------------------------------------------------------------------------------

  @Test
  void aMigratedGroupGetsTheMessageAtItsNewIdInTheSameAttempt() {
    server.then(BotServer.migrated(-1001234567890L));
    Notification toGroup = Notification.to("telegram:" + Attempts.GROUP).text("x").build();

    assertThat(channel.send(Attempts.of(toGroup))).isInstanceOf(Accepted.class);
    assertThat(channel.send(Attempts.of(toGroup))).isInstanceOf(Accepted.class);

    assertThat(server.calls())
        .extracting(call -> call.parameters().path("chat_id").asLong())
        .containsExactly(Long.parseLong(Attempts.GROUP), -1001234567890L, -1001234567890L);
    assertThat(migrations).containsExactly(Attempts.GROUP + " -> -1001234567890");
  }

  @Test
  void aGroupMigratesOnce() {
    server.always(BotServer.migrated(-1001234567890L));

    DeliveryResult result =
        channel.send(Attempts.of(Notification.to("telegram:" + Attempts.GROUP).text("x").build()));

    assertThat(result).isInstanceOf(Permanent.class);
    assertThat(server.calls()).hasSize(2);
  }

  @Test
  void aGroupThatMigratesToItselfEndsTheAttempt() {
    server.always(BotServer.migrated(Long.parseLong(Attempts.GROUP)));

    channel.send(Attempts.of(Notification.to("telegram:" + Attempts.GROUP).text("x").build()));

    assertThat(server.calls()).hasSize(1);
  }

  @Test
  void aListenerThatThrowsHarmsNoDelivery() {
    server.then(BotServer.migrated(-1001234567890L));
    try (TelegramChannel loud =
        server
            .bot()
            .listener(
                new TelegramListener() {
                  @Override
                  public void chatMigrated(String oldChatId, String newChatId) {
                    throw new IllegalStateException("the address book is full");
                  }
                })
            .create()) {
      assertThat(
              loud.send(
                  Attempts.of(Notification.to("telegram:" + Attempts.GROUP).text("x").build())))
          .isInstanceOf(Accepted.class);
    }
  }

  // --- Limits -----------------------------------------------------------------------------------

  @Test
  void theLongerOfBodyAndHeaderIsWaitedFor() {
    server.then(BotServer.tooMany(2).withHeader("Retry-After", "4"));

    assertThat(channel.send(Attempts.text("x")))
        .isInstanceOfSatisfying(
            Deferred.class,
            result -> {
              assertThat(result.obstacle()).isEqualTo(Obstacle.CHANNEL_LIMIT);
              assertThat(result.until()).isEqualTo(SettableClock.START.plusSeconds(4));
            });
  }

  @Test
  void aChatThatMustWaitIsNotAskedBefore() {
    server.then(BotServer.tooMany(60));
    channel.send(Attempts.text("x"));
    clock.advance(Duration.ofSeconds(59));

    assertThat(channel.send(Attempts.text("y")))
        .isInstanceOfSatisfying(
            Deferred.class,
            result -> {
              assertThat(result.obstacle()).isEqualTo(Obstacle.RECIPIENT_LIMIT);
              assertThat(result.until()).isEqualTo(SettableClock.START.plusSeconds(60));
            });
    clock.advance(Duration.ofSeconds(1));
    assertThat(channel.send(Attempts.text("y"))).isInstanceOf(Accepted.class);
    assertThat(texts()).containsExactly("x", "y");
  }

  @Test
  void aGroupGetsTwentyMessagesAMinute() {
    DeliveryAttempt toGroup =
        Attempts.of(Notification.to("telegram:" + Attempts.GROUP).text("x").build());
    for (int i = 0; i < 20; i++) {
      assertThat(channel.send(toGroup)).isInstanceOf(Accepted.class);
      clock.advance(Duration.ofSeconds(1));
    }

    assertThat(channel.send(toGroup))
        .isInstanceOfSatisfying(
            Deferred.class,
            result -> {
              assertThat(result.obstacle()).isEqualTo(Obstacle.RECIPIENT_LIMIT);
              assertThat(result.until()).isEqualTo(SettableClock.START.plusSeconds(60));
            });
    assertThat(channel.send(Attempts.text("to somebody else"))).isInstanceOf(Accepted.class);
    clock.advance(Duration.ofSeconds(40));
    assertThat(channel.send(toGroup)).isInstanceOf(Accepted.class);
    assertThat(server.calls()).extracting(Call::method).hasSize(22);
  }
}
