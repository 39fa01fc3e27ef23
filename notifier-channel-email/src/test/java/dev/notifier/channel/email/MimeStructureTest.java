package dev.notifier.channel.email;

import static dev.notifier.channel.email.SecondParser.bytes;
import static dev.notifier.channel.email.SecondParser.part;
import static dev.notifier.channel.email.SecondParser.read;
import static dev.notifier.channel.email.SecondParser.settings;
import static dev.notifier.channel.email.SecondParser.shape;
import static dev.notifier.channel.email.SecondParser.text;
import static dev.notifier.channel.email.SecondParser.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Attachment;
import dev.notifier.Content;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.stream.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written, as another parser reads it. */
class MimeStructureTest {
  private static final byte[] PNG = randomBytes();
  private static final Attachment LOGO = Attachment.of("logo.png", "image/png", PNG).inline("logo");
  private static final Attachment INVOICE =
      Attachment.of("Rechnung für Käse 日本.pdf", "application/pdf", PNG);

  private static byte[] randomBytes() {
    byte[] bytes = new byte[70_001];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static Notification.Builder toAda() {
    return Notification.to("email:ada@example.com").subject("Grüße 🎉");
  }

  private static String header(Entity entity, String name) {
    List<Field> fields = entity.getHeader().getFields(name);
    assertThat(fields).as(name).hasSizeLessThanOrEqualTo(1);
    return fields.isEmpty()
        ? null
        : DecoderUtil.decodeEncodedWords(fields.get(0).getBody(), DecodeMonitor.STRICT);
  }

  // --- Nesting ----------------------------------------------------------------------------------

  @Test
  void textAloneIsOnePart() throws Exception {
    assertThat(shape(read(toAda().text("x")))).isEqualTo("text/plain");
  }

  @Test
  void htmlBringsATextMadeOfIt() throws Exception {
    Message message =
        read(toAda().html("<p>Dear <b>Ada</b>,<p>see <a href='https://x.example'>x</a>"));
    assertThat(shape(message)).isEqualTo("multipart/alternative[text/plain, text/html]");
    assertThat(text(part(message, 0))).isEqualTo("Dear Ada,\r\n\r\nsee x <https://x.example>");
  }

  @Test
  void htmlWithoutWordsStaysAlone() throws Exception {
    assertThat(shape(read(toAda().html("<img src='https://x.example/a.png'>"))))
        .isEqualTo("text/html");
  }

  @Test
  void imagesBelongToTheHtmlAndFilesStandBeside() throws Exception {
    Message message =
        read(
            toAda()
                .text("Grüße")
                .html("<p>Grüße <img src=\"cid:logo\"></p>")
                .attach(INVOICE)
                .attach(LOGO));
    assertThat(shape(message))
        .isEqualTo(
            "multipart/mixed[multipart/alternative[text/plain, multipart/related[text/html,"
                + " image/png]], application/pdf]");
    assertThat(part(message, 0, 1).getHeader().getField("Content-Type").getBody())
        .contains("type=\"text/html\"");
    Entity logo = part(message, 0, 1, 1);
    assertThat(header(logo, "Content-ID")).isEqualTo("<logo>");
    assertThat(logo.getDispositionType()).isEqualTo("inline");
    assertThat(logo.getFilename()).isEqualTo("logo.png");
    assertThat(bytes(logo)).isEqualTo(PNG);
    Entity invoice = part(message, 1);
    assertThat(invoice.getDispositionType()).isEqualTo("attachment");
    assertThat(invoice.getFilename()).isEqualTo("Rechnung für Käse 日本.pdf");
    assertThat(bytes(invoice)).isEqualTo(PNG);
    assertThat(text(part(message, 0, 1, 0))).isEqualTo("<p>Grüße <img src=\"cid:logo\"></p>");
  }

  @Test
  void anImageWithoutHtmlToShowItIsAFile() throws Exception {
    Message message = read(toAda().text("x").attach(LOGO));
    assertThat(shape(message)).isEqualTo("multipart/mixed[text/plain, image/png]");
    assertThat(part(message, 1).getDispositionType()).isEqualTo("attachment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<img src=\"cid:photo\">", "<img alt=x SRC = 'CID:photo'>", "<img src=cid:photo>"})
  void anImageThatIsNotThereIsRefused(String html) {
    Notification.Builder notification = toAda().html(html).attach(LOGO);
    assertThatThrownBy(() -> read(notification))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage(
            "the html shows cid:photo, but there is no such image: attach it with"
                + " Attachment.inline(\"photo\")");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 56, 57, 58, 57 * 1024 - 1, 57 * 1024, 57 * 1024 + 1})
  void filesOfEverySizeArriveWhole(int size) throws Exception {
    byte[] bytes = java.util.Arrays.copyOf(PNG, size);
    Message message =
        read(toAda().text("x").attach(Attachment.of("a", "application/octet-stream", bytes)));
    assertThat(bytes(part(message, 1))).isEqualTo(bytes);
  }

  // --- Texts ------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "From here on\n",
        "a\nFrom there on",
        "--=_alternative_0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-0--",
        "ends with a space \nand a tab\t\n\n\n",
        ".\n..\n.",
        "a line of exactly seventy-eight characters, which is as much as one should have!",
        "\0 zero and \u001b escape",
        "Grüße\n",
        "Καλημέρα",
        "=3D is no equals sign, nor is =\n",
        "👩‍👩‍👧‍👦\n\n👍🏽",
        "\n",
      })
  void aTextArrivesAsItIs(String said) throws Exception {
    Message message = read(toAda().text(said).html("<p>x</p>"));
    assertThat(text(part(message, 0))).isEqualTo(said.replace("\n", "\r\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "ISO-8859-1,   Grüße,   ISO-8859-1",
    "ISO-8859-1,   Grüße €, UTF-8",
    "windows-1252, Grüße €, windows-1252",
    "ISO-2022-JP,  日本語の手紙,   ISO-2022-JP",
    "Shift_JIS,    日本語の手紙,   Shift_JIS",
    "Big5,         中文,     Big5",
    "UTF-8,        日本語,    UTF-8",
  })
  void aCharsetIsUsedWhereItHasAllCharacters(String charset, String said, String used)
      throws Exception {
    Message message =
        read(
            written(
                Notification.to("email:ada@example.com").subject(said + " " + said).text(said),
                settings(Charset.forName(charset))));
    assertThat(message.getCharset()).isEqualToIgnoringCase(used);
    assertThat(text(message).strip()).isEqualTo(said);
    assertThat(message.getSubject()).isEqualTo(said + " " + said);
    assertThat(message.getHeader().getField("Subject").getBody()).startsWith("=?" + used + "?B?");
  }

  // --- Headers ----------------------------------------------------------------------------------

  @Test
  void optionsBecomeHeaders() throws Exception {
    Message message =
        read(
            toAda()
                .text("x")
                .options(
                    EmailOptions.create()
                        .from("Käse, Inc. <cheese@shop.example>")
                        .toName("Ada \"the Countess\" Lovelace")
                        .replyTo("help@shop.example")
                        .cc("Charles <charles@example.com>")
                        .cc("grace@example.com")
                        .bcc("archive@shop.example")
                        .highImportance()
                        .oneClickUnsubscribe(
                            "https://shop.example/u?a=?b?=", "mailto:u@shop.example")
                        .header("X-Campaign", "Frühling " + "🎉".repeat(60))
                        .header("In-Reply-To", "<1@shop.example>")));
    assertThat(message.getFrom().get(0).getName()).isEqualTo("Käse, Inc.");
    assertThat(message.getFrom().get(0).getAddress()).isEqualTo("cheese@shop.example");
    Mailbox to = (Mailbox) message.getTo().get(0);
    assertThat(to.getName()).isEqualTo("Ada \"the Countess\" Lovelace");
    assertThat(message.getReplyTo().toString()).contains("help@shop.example");
    assertThat(message.getCc().flatten())
        .extracting(Mailbox::getAddress)
        .containsExactly("charles@example.com", "grace@example.com");
    assertThat(message.getBcc()).isNull();
    assertThat(header(message, "Importance")).isEqualTo("high");
    assertThat(header(message, "X-Priority")).isEqualTo("1");
    assertThat(message.getHeader().getField("List-Unsubscribe").getBody())
        .isEqualTo("<https://shop.example/u?a=?b?=>, <mailto:u@shop.example>");
    assertThat(header(message, "List-Unsubscribe-Post")).isEqualTo("List-Unsubscribe=One-Click");
    assertThat(header(message, "X-Campaign")).isEqualTo("Frühling " + "🎉".repeat(60));
    assertThat(header(message, "In-Reply-To")).isEqualTo("<1@shop.example>");
    assertThat(header(message, "Auto-Submitted")).isEqualTo("auto-generated");
    assertThat(message.getMessageId()).isEqualTo("<" + Attempts.DELIVERY + ".copies@shop.example>");
  }

  @Test
  void noLineOfAHeaderIsLongerThanItShouldBe() throws Exception {
    byte[] message =
        written(
            toAda()
                .text("x")
                .options(
                    EmailOptions.create()
                        .toName("日本".repeat(90))
                        .cc("\"" + "a, ".repeat(60) + "\" <c@example.com>")
                        .header("X-" + "Long-".repeat(14), "日本".repeat(90))),
            settings(StandardCharsets.UTF_8));
    String head = new String(message, StandardCharsets.US_ASCII).split("\r\n\r\n", 2)[0];
    assertThat(head.lines().filter(line -> line.contains("=?")))
        .isNotEmpty()
        .allMatch(line -> line.length() <= 76);
    assertThat(head.lines()).allMatch(line -> line.length() <= 998);
  }

  // --- Who gets it ------------------------------------------------------------------------------

  private static EmailMessage composed(Notification.Builder notification) {
    return EmailMessage.of(Attempts.of(notification), settings(StandardCharsets.UTF_8));
  }

  @Test
  void everybodyIsInTheEnvelopeOnceAndInTheOrderOfDignity() {
    EmailMessage message =
        composed(
            toAda()
                .text("x")
                .options(
                    EmailOptions.create()
                        .bcc("hidden@example.com")
                        .bcc("Charles@example.com")
                        .cc("charles@example.com")
                        .cc("ADA@example.com")));
    assertThat(message.recipients())
        .extracting(EnvelopeAddress::text)
        .containsExactly("ada@example.com", "charles@example.com", "hidden@example.com");
    assertThat(message.hasCopies()).isTrue();
    assertThat(message).hasToString("EmailMessage[" + Attempts.DELIVERY + "]");
  }

  @Test
  void aHiddenCopyBeyondAsciiNeedsTheServersConsentToo() {
    assertThat(composed(toAda().text("x")).needsUtf8()).isFalse();
    assertThat(
            composed(toAda().text("x").options(EmailOptions.create().bcc("grüße@example.com")))
                .needsUtf8())
        .isTrue();
  }

  @Test
  void bouncesGoWhereTheyAreWanted() {
    MessageSettings settings =
        new MessageSettings(
            dev.notifier.ChannelId.of("email"),
            SecondParser.FROM,
            null,
            EnvelopeAddress.of("bounces@mail.shop.example"),
            StandardCharsets.UTF_8,
            List.of());
    assertThat(EmailMessage.of(Attempts.toAda(), settings).envelopeFrom().text())
        .isEqualTo("bounces@mail.shop.example");
    assertThat(composed(toAda().text("x")).envelopeFrom().text())
        .isEqualTo("no-reply@shop.example");
  }

  @Test
  void aMessageThatAnInterceptorLeftEmptyIsRefused() {
    assertThatThrownBy(
            () ->
                EmailMessage.of(
                    Attempts.toAda().withContent(Content.EMPTY.withHtml(" ")),
                    settings(StandardCharsets.UTF_8)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage("the message says nothing: it has no subject, no text and no html");
  }
}
