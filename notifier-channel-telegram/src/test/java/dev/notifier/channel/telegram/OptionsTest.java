package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Attachment;
import dev.notifier.ChannelId;
import dev.notifier.ChannelOptions;
import dev.notifier.Content;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Recipient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before it is sent, and what the preview says. */
class OptionsTest {
  private final TelegramChannel channel = TelegramChannel.bot(BotServer.TOKEN).maxParts(2).create();

  @AfterEach
  void close() {
    channel.close();
  }

  private void check(Notification.Builder notification) {
    channel.check(Attempts.of(notification.build()));
  }

  private static Notification.Builder text(String text) {
    return Notification.to("telegram:" + Attempts.CHAT).text(text);
  }

  private List<String> preview(Notification.Builder notification) {
    return channel.preview(Attempts.of(notification.build()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          parse-mode      | markdown                         | html, markdown-v2 or plain
          silent          | yes                              | true or false
          protect-content | 1                                | true or false
          link-preview    | ''                               | true or false
          topic           | 0                                | above zero
          topic           | -5                               | above zero
          topic           | 9999999999999999999              | above zero
          reply-markup    | no JSON                          | JSON object
          reply-markup    | []                               | JSON object
          reply-markup    | {"buttons":[]}                   | inline_keyboard
          reply-markup    | {"inline_keyboard":[[{"text":"x","callback_data":"12345678901234567890123456789012345678901234567890123456789012345"}]]} | 64 bytes
          reply-markup    | {"inline_keyboard":[[{"text":"x","callback_data":""}]]} | 64 bytes
          photo           | file:///etc/passwd               | https:// or http://
          photo           | https://u:hush@example.com/a.png | credentials
          document        | https:///no-host                 | host
          document        | relative                         | https:// or http://
          document        | https://exa mple.com/            | https:// or http://
          document        | http://[                         | RFC 3986
          colour          | red                              | unknown telegram option "colour"; known are [document, link-preview
          """)
  void badOptionsAreRefused(String key, String value, String rule) {
    assertThatThrownBy(
            () -> check(text("x").options(ChannelOptions.of("telegram", Map.of(key, value)))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(rule)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
  }

  @Test
  void typedOptionsRefuseBadValuesAtTheCall() {
    TelegramOptions options = TelegramOptions.create();

    assertThatThrownBy(() -> options.topic(0)).isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> options.photo("x")).isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> options.replyMarkup("x"))
        .isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> options.replyMarkup(Map.of("keyboard", new Object())))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("JSON");
    assertThatThrownBy(() -> options.photo("https://example.com/" + "x".repeat(2048)))
        .hasMessageContaining("2048");
    TelegramOptions ten = options;
    for (int i = 0; i < 10; i++) {
      ten = ten.document("https://example.com/" + i);
    }
    TelegramOptions full = ten;
    assertThatThrownBy(() -> full.document("https://example.com/11"))
        .hasMessageContaining("at most 10");
  }

  @Test
  void optionsAreImmutableAndTellNoValues() {
    TelegramOptions silent = TelegramOptions.create().silent(true);
    TelegramOptions more =
        silent.photo("https://example.com/secret").parseMode(ParseMode.MARKDOWN_V2);

    assertThat(silent.values()).isEqualTo(Map.of("silent", "true"));
    assertThat(more.channel()).isEqualTo(ChannelId.of("telegram"));
    assertThat(more).hasToString("TelegramOptions[parse-mode, photo, silent]");
  }

  @Test
  void aTextForTooManyMessagesIsRefused() {
    check(text("x".repeat(8192)));

    assertThatThrownBy(() -> check(text("x".repeat(8193))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("2 messages of 4096 characters")
        .hasMessageContaining("8193");
    String bulky = "x".repeat(3000) + "\n" + "y".repeat(3000) + "\n" + "z".repeat(2000);
    assertThatThrownBy(() -> check(text(bulky))).hasMessageContaining("2 messages");
  }

  @Test
  void contentThatShowsNothingIsRefused() {
    assertThatThrownBy(() -> check(Notification.to("telegram:1").html("<p> </p>")))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("nothing that telegram could show");
  }

  @Test
  void filesMustHaveBytesAndNotTooMany() {
    assertThatThrownBy(() -> check(text("x").attach(Attachment.of("a", "text/plain", new byte[0]))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("has 0");
    int tooMany = 50 * 1024 * 1024 + 1;
    assertThatThrownBy(
            () ->
                check(
                    text("x")
                        .maxAttachmentBytes(tooMany)
                        .attach(Attachment.of("a", "text/plain", new byte[tooMany]))))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("52428800");
  }

  @Test
  void aBotUnderAnotherNameChecksAddressesItself() {
    Notification notification =
        Notification.to(Recipient.named("x").address("ops-bot", "not a chat id")).text("x").build();
    DeliveryAttempt attempt =
        DeliveryAttempt.of(
            new DeliveryId(new NotificationId(UUID.randomUUID()), 0),
            notification,
            ChannelId.of("ops-bot"),
            1);

    assertThatThrownBy(() -> channel.check(attempt))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("numeric chat id")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("not a chat id"));
  }

  @Test
  void whatAnInterceptorSpoilsIsAPermanentFailure() {
    DeliveryAttempt attempt = Attempts.text("x").withContent(Content.text("x".repeat(10_000)));

    assertThat(channel.send(attempt)).isInstanceOf(Permanent.class);
  }

  @Test
  void thePreviewTellsHowItWouldGo() {
    assertThat(preview(text("hello"))).containsExactly("5 characters of HTML text in 1 message");
    assertThat(preview(text("x".repeat(5000))))
        .containsExactly("5000 characters of HTML text in 2 messages");
    assertThat(preview(text("hello").html("<table></table>")))
        .contains("the HTML holds what Telegram does not know: the text is sent instead");
    assertThat(preview(Notification.to("telegram:1").html("<p>x</p>")))
        .contains("the HTML holds what Telegram does not know: only its words are sent");
    TelegramOptions markdown = TelegramOptions.create().parseMode(ParseMode.MARKDOWN_V2);
    assertThat(preview(text("*x*").options(markdown)))
        .containsExactly("1 characters of MarkdownV2 text in 1 message");
    assertThat(preview(text("1.5").options(markdown)))
        .anyMatch(note -> note.contains("not seem to be valid MarkdownV2"));
    assertThat(preview(text("1.5" + "x".repeat(5000)).options(markdown)))
        .contains("5003 characters of plain text in 2 messages");
  }
}
