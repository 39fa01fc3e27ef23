package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notifier.Attachment;
import dev.notifier.ChannelOptions;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.channel.telegram.BotServer.Call;
import dev.notifier.channel.telegram.BotServer.Upload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is sent. {@link BotServer} checks each request against the Bot API's description. */
class MessagesTest {
  private static final byte[] BYTES = "content of a file".getBytes(StandardCharsets.UTF_8);

  private final BotServer server = new BotServer();
  private final TelegramChannel channel = server.bot().create();

  @AfterEach
  void close() {
    channel.close();
    server.close();
  }

  private static Notification.Builder notification() {
    return Notification.to("telegram:" + Attempts.CHAT);
  }

  private DeliveryResult send(Notification.Builder notification) {
    var attempt = Attempts.of(notification.build());
    channel.check(attempt);
    return channel.send(attempt);
  }

  @Test
  void textIsEscapedHtmlByDefault() {
    DeliveryResult result = send(notification().text("1 < 2 & \"3\""));

    assertThat(result).isEqualTo(DeliveryResult.accepted("1001"));
    Call call = server.call();
    assertThat(call.method()).isEqualTo("sendMessage");
    assertThat(call.token()).isEqualTo("bot" + BotServer.TOKEN);
    assertThat(call.contentType()).isEqualTo("application/json");
    assertThat(call.parameters())
        .isEqualTo(
            Json.read(
                "{\"chat_id\":987654321,\"text\":\"1 &lt; 2 &amp; &quot;3&quot;\",\"parse_mode\":\"HTML\"}"));
  }

  @Test
  void htmlThatTelegramKnowsIsSentAsItStands() {
    send(
        notification()
            .subject("A & B")
            .text("text")
            .html("<b>bold</b> <a href=\"https://x.example\">x</a>"));

    assertThat(server.call().text("text"))
        .isEqualTo("<b>A &amp; B</b>\n\n<b>bold</b> <a href=\"https://x.example\">x</a>");
  }

  @Test
  void textReplacesHtmlThatTelegramDoesNotKnow() {
    send(notification().subject("S").text("the text").html("<table><tr><td>x</td></tr></table>"));

    assertThat(server.call().text("text")).isEqualTo("<b>S</b>\n\nthe text");
  }

  @Test
  void wordsReplaceHtmlThatTelegramDoesNotKnowIfThereIsNoText() {
    send(notification().html("<p>Hello <i>Ada</i> &amp; Bob</p><p>Bye</p>"));

    assertThat(server.call().text("text")).isEqualTo("Hello Ada &amp; Bob\n\nBye");
  }

  @Test
  void aSubjectAloneIsBold() {
    send(notification().subject("Backup done"));

    assertThat(server.call().text("text")).isEqualTo("<b>Backup done</b>");
  }

  @Test
  void markdownIsSentAsItStandsUnderAnEscapedSubject() {
    send(
        notification()
            .subject("v1.5!")
            .text("*done* in 1\\.5 s")
            .html("<b>not used</b>")
            .options(TelegramOptions.create().parseMode(ParseMode.MARKDOWN_V2)));

    assertThat(server.call().text("text")).isEqualTo("*v1\\.5\\!*\n\n*done* in 1\\.5 s");
    assertThat(server.call().text("parse_mode")).isEqualTo("MarkdownV2");
  }

  @Test
  void plainTextHasNoParseMode() {
    send(
        notification()
            .subject("S")
            .text("<b>*as it stands*</b>")
            .options(TelegramOptions.create().parseMode(ParseMode.PLAIN)));

    assertThat(server.call().text("text")).isEqualTo("S\n\n<b>*as it stands*</b>");
    assertThat(server.call().parameters().has("parse_mode")).isFalse();
  }

  @Test
  void everyOptionReachesTheBotApi() {
    send(
        notification()
            .text("x")
            .options(
                TelegramOptions.create()
                    .silent(true)
                    .protectContent(true)
                    .topic(7)
                    .linkPreview(false)
                    .replyMarkup(
                        Map.of(
                            "inline_keyboard",
                            List.of(List.of(Map.of("text", "Yes", "callback_data", "y")))))));

    JsonNode sent = server.call().parameters();
    assertThat(sent.path("disable_notification").booleanValue()).isTrue();
    assertThat(sent.path("protect_content").booleanValue()).isTrue();
    assertThat(sent.path("message_thread_id").longValue()).isEqualTo(7);
    assertThat(sent.path("link_preview_options").path("is_disabled").booleanValue()).isTrue();
    assertThat(sent.path("reply_markup").toString())
        .contains("\"callback_data\":\"y\"", "\"text\":\"Yes\"");
  }

  @Test
  void optionsCanBeTextForBotsOfAnyName() {
    send(notification().text("x").options(ChannelOptions.of("telegram", Map.of("silent", "true"))));

    assertThat(server.call().parameters().path("disable_notification").booleanValue()).isTrue();
  }

  @Test
  void aNameIsAnAddressToo() {
    channel.send(Attempts.of(Notification.to("telegram:@shop_news").text("x").build()));

    assertThat(server.call().parameters().path("chat_id").textValue()).isEqualTo("@shop_news");
  }

  @Test
  void channelDefaultsApply() {
    try (TelegramChannel plain =
        server.bot().parseMode(ParseMode.PLAIN).linkPreview(false).create()) {
      plain.send(Attempts.text("x"));
    }

    assertThat(server.call().parameters().has("parse_mode")).isFalse();
    assertThat(
            server.call().parameters().path("link_preview_options").path("is_disabled").asBoolean())
        .isTrue();
  }

  // --- Files ------------------------------------------------------------------------------------

  @Test
  void anImageIsAPhotoWithTheTextAsItsCaption() {
    send(notification().text("a & b").attach(Attachment.of("plot.png", "image/png", BYTES)));

    Call call = server.call();
    assertThat(call.method()).isEqualTo("sendPhoto");
    assertThat(call.text("caption")).isEqualTo("a &amp; b");
    assertThat(call.text("parse_mode")).isEqualTo("HTML");
    assertThat(call.files())
        .singleElement()
        .satisfies(file -> assertUpload(file, "photo", "plot.png"));
  }

  @Test
  void anyOtherFileIsADocument() {
    send(
        notification()
            .text("x")
            .options(
                TelegramOptions.create().silent(true).replyMarkup("{\"remove_keyboard\":true}"))
            .attach(Attachment.of("Größe \"1\".pdf", "application/pdf", BYTES)));

    Call call = server.call();
    assertThat(call.method()).isEqualTo("sendDocument");
    assertThat(call.parameters().path("disable_notification").booleanValue()).isTrue();
    assertThat(call.parameters().path("reply_markup").path("remove_keyboard").booleanValue())
        .isTrue();
    assertThat(call.files())
        .singleElement()
        .satisfies(file -> assertUpload(file, "document", null));
  }

  @Test
  void anImageThatIsTooLargeForAPhotoIsADocument() {
    byte[] large = new byte[10 * 1024 * 1024 + 1];
    send(
        notification()
            .text("x")
            .maxAttachmentBytes(large.length)
            .attach(Attachment.of("plot.png", "image/png", large)));

    assertThat(server.call().method()).isEqualTo("sendDocument");
    assertThat(server.call().files().get(0).bytes()).isEqualTo(ByteString.of(large));
  }

  @Test
  void filesCanBeFetchedByTelegram() {
    send(
        notification()
            .text("x")
            .options(TelegramOptions.create().photo("https://example.com/a.png?sig=1")));

    Call call = server.call();
    assertThat(call.method()).isEqualTo("sendPhoto");
    assertThat(call.contentType()).isEqualTo("application/json");
    assertThat(call.text("photo")).isEqualTo("https://example.com/a.png?sig=1");
  }

  @Test
  void severalFilesAreAnAlbum() {
    DeliveryResult result =
        send(
            notification()
                .text("caption")
                .options(TelegramOptions.create().photo("https://example.com/a.png"))
                .attach(Attachment.of("b.jpg", "image/jpeg", BYTES)));

    Call call = server.call();
    assertThat(result).isEqualTo(DeliveryResult.accepted("2001"));
    assertThat(call.method()).isEqualTo("sendMediaGroup");
    assertThat(call.parameters().path("media"))
        .isEqualTo(
            Json.read(
                "[{\"type\":\"photo\",\"media\":\"https://example.com/a.png\",\"caption\":\"caption\","
                    + "\"parse_mode\":\"HTML\"},{\"type\":\"photo\",\"media\":\"attach://file0\"}]"));
    assertThat(call.files())
        .singleElement()
        .satisfies(file -> assertUpload(file, "file0", "b.jpg"));
  }

  @Test
  void photosAndDocumentsAreAlbumsOfTheirOwnOfAtMostTen() {
    Notification.Builder many = notification().text("x");
    IntStream.range(0, 12).forEach(i -> many.attach(Attachment.of(i + ".png", "image/png", BYTES)));
    IntStream.range(0, 11)
        .forEach(i -> many.attach(Attachment.of(i + ".pdf", "application/pdf", BYTES)));

    send(many);

    assertThat(server.calls())
        .extracting(call -> call.method() + " " + call.files().size())
        .containsExactly(
            "sendMediaGroup 10", "sendMediaGroup 2", "sendMediaGroup 10", "sendDocument 1");
    assertThat(server.calls())
        .filteredOn(call -> call.parameters().toString().contains("caption"))
        .hasSize(1);
  }

  @Test
  void aTextThatIsTooLongForACaptionGoesAhead() {
    String text = "x".repeat(1025);
    send(notification().text(text).attach(Attachment.of("a.pdf", "application/pdf", BYTES)));

    assertThat(server.calls())
        .extracting(Call::method)
        .containsExactly("sendMessage", "sendDocument");
    assertThat(server.calls().get(1).parameters().has("caption")).isFalse();
  }

  @Test
  void aCaptionIsCountedWithoutItsMarkup() {
    String html = "<b>" + "x".repeat(1024) + "</b>";
    send(notification().html(html).attach(Attachment.of("a.pdf", "application/pdf", BYTES)));

    assertThat(server.call().text("caption")).isEqualTo(html);
  }

  @Test
  void buttonsGoWithATextOfItsOwnIfThereIsAnAlbum() {
    send(
        notification()
            .text("x")
            .options(
                TelegramOptions.create()
                    .replyMarkup("{\"force_reply\":true}")
                    .document("https://example.com/1.pdf")
                    .document("https://example.com/2.pdf")));

    assertThat(server.calls())
        .extracting(Call::method)
        .containsExactly("sendMessage", "sendMediaGroup");
    assertThat(
            server.calls().get(0).parameters().path("reply_markup").path("force_reply").asBoolean())
        .isTrue();
  }

  private static void assertUpload(Upload file, String part, String name) {
    assertThat(file.part()).isEqualTo(part);
    assertThat(file.bytes()).isEqualTo(ByteString.of(BYTES));
    if (name != null) {
      assertThat(file.name()).isEqualTo(name);
    }
  }

  // --- Long texts -------------------------------------------------------------------------------

  @Test
  void aLongTextGoesOutInOrderWithTheButtonsAtItsEnd() {
    String text = "a".repeat(4000) + "\n" + "b".repeat(4000) + "\n" + "c".repeat(100);

    DeliveryResult result =
        send(
            notification()
                .html("<i>" + text + "</i>")
                .options(TelegramOptions.create().replyMarkup("{\"force_reply\":true}")));

    assertThat(result).isEqualTo(DeliveryResult.accepted("1001"));
    assertThat(server.calls())
        .extracting(call -> call.text("text"))
        .containsExactly(
            "<i>" + "a".repeat(4000) + "\n</i>",
            "<i>" + "b".repeat(4000) + "\n</i>",
            "<i>" + "c".repeat(100) + "</i>");
    assertThat(server.calls())
        .extracting(call -> call.parameters().has("reply_markup"))
        .containsExactly(false, false, true);
  }
}
