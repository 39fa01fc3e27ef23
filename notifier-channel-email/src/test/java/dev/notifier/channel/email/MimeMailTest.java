package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Attachment;
import dev.notifier.DeliveryAttempt;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MimeMailTest {
  private static final Instant NOW = Instant.parse("2024-09-03T10:15:30Z");
  private static final Mailbox FROM = Mailbox.parse("from", "Käse <no-reply@käse.example>");

  private static MimeMail mail(DeliveryAttempt attempt) {
    return mail(FROM, null, attempt);
  }

  private static MimeMail mail(Mailbox from, Mailbox replyTo, DeliveryAttempt attempt) {
    MessageSettings settings =
        new MessageSettings(
            attempt.channel(), from, replyTo, null, StandardCharsets.UTF_8, List.of());
    return new MimeMail(EmailMessage.of(attempt, settings), NOW);
  }

  private static String written(MimeMail mail) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    mail.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String written(Notification.Builder notification) throws IOException {
    return written(mail(Attempts.of(notification)));
  }

  private static MimeMessage read(Notification.Builder notification) throws Exception {
    byte[] bytes = written(notification).getBytes(StandardCharsets.UTF_8);
    return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
  }

  private static Notification.Builder toAda() {
    return Notification.to("email:ada@example.com");
  }

  // --- Structure --------------------------------------------------------------------------------

  @Test
  void textAloneIsOnePart() throws Exception {
    assertThat(written(toAda().subject("Hello").text("Hello Ada\n.\n")))
        .isEqualTo(
            """
            Date: Tue, 3 Sep 2024 10:15:30 +0000
            From: =?UTF-8?B?S8Okc2U=?=
             <no-reply@xn--kse-qla.example>
            To: ada@example.com
            Message-ID: <0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-0@xn--kse-qla.example>
            Subject: Hello
            Auto-Submitted: auto-generated
            X-Auto-Response-Suppress: All
            MIME-Version: 1.0
            Content-Type: text/plain; charset=UTF-8
            Content-Transfer-Encoding: 7bit

            Hello Ada
            .

            """
                .replace("\n", "\r\n"));
  }

  @Test
  void textStandsBeforeHtml() throws Exception {
    MimeMessage message = read(toAda().text("Grüße").html("<p>Grüße</p>"));

    assertThat(message.isMimeType("multipart/alternative")).isTrue();
    Multipart parts = (Multipart) message.getContent();
    assertThat(parts.getCount()).isEqualTo(2);
    assertThat(parts.getBodyPart(0).getContentType()).isEqualTo("text/plain; charset=UTF-8");
    assertThat(parts.getBodyPart(0).getContent()).isEqualTo("Grüße");
    assertThat(parts.getBodyPart(1).getContentType()).isEqualTo("text/html; charset=UTF-8");
    assertThat(parts.getBodyPart(1).getContent()).isEqualTo("<p>Grüße</p>");
    assertThat(message.getSubject()).isNull();
  }

  @Test
  void attachmentsStandAroundTheTexts() throws Exception {
    byte[] bytes = new byte[200_000];
    new Random(1).nextBytes(bytes);
    MimeMessage message =
        read(
            toAda()
                .text("see below")
                .html("<p>see below</p>")
                .attach(Attachment.of("data.bin", "application/octet-stream", bytes))
                .attach(Attachment.of("Rechnung für Käse 日本.pdf", "application/pdf", bytes)));

    assertThat(message.isMimeType("multipart/mixed")).isTrue();
    Multipart parts = (Multipart) message.getContent();
    assertThat(parts.getCount()).isEqualTo(3);
    assertThat(parts.getBodyPart(0).isMimeType("multipart/alternative")).isTrue();
    assertThat(((Multipart) parts.getBodyPart(0).getContent()).getCount()).isEqualTo(2);
    BodyPart data = parts.getBodyPart(1);
    assertThat(data.getFileName()).isEqualTo("data.bin");
    assertThat(data.getDisposition()).isEqualTo("attachment");
    assertThat(data.getInputStream().readAllBytes()).isEqualTo(bytes);
    BodyPart invoice = parts.getBodyPart(2);
    assertThat(invoice.getContentType()).isEqualTo("application/pdf");
    assertThat(invoice.getFileName()).isEqualTo("Rechnung für Käse 日本.pdf");
    assertThat(invoice.getInputStream().readAllBytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b.txt",
        "quote\"d.txt",
        "semi;colon=.txt",
        "Käse.txt",
        "it's 100%.txt",
        "ein sehr langer Name einer Datei mit sehr vielen Buchstaben darin.txt",
      })
  void anAttachmentKeepsItsName(String name) throws Exception {
    Notification.Builder notification =
        toAda().text("x").attach(Attachment.of(name, "text/plain", new byte[] {'a'}));
    Multipart parts = (Multipart) read(notification).getContent();

    assertThat(parts.getBodyPart(1).getFileName()).isEqualTo(name);
  }

  @Test
  void theLongestNameBeyondAsciiStaysWithinTheLimitsOfALine() throws Exception {
    String name = "日".repeat(255);
    Notification.Builder notification =
        toAda().text("x").attach(Attachment.of(name, "text/plain", new byte[] {'a'}));

    assertThat(((Multipart) read(notification).getContent()).getBodyPart(1).getFileName())
        .isEqualTo(name);
    assertThat(written(notification).lines()).allMatch(line -> line.length() <= 998);
  }

  @Test
  void anAttachedMessageTravelsAsBytes() throws Exception {
    Notification.Builder notification =
        toAda().text("x").attach(Attachment.of("mail.eml", "message/rfc822", new byte[] {'a'}));

    assertThat(((Multipart) read(notification).getContent()).getBodyPart(1).getContentType())
        .isEqualTo("application/octet-stream");
  }

  @Test
  void aNotificationThatIsOnlyASubjectHasAnEmptyText() throws Exception {
    MimeMessage message = read(toAda().subject("Ping"));

    assertThat(message.getContent()).isEqualTo("\r\n");
    assertThat(message.getSubject()).isEqualTo("Ping");
  }

  // --- Encoding ---------------------------------------------------------------------------------

  @Test
  void mostlyAsciiStaysReadableAndOtherScriptsDoNotGrowMore() throws Exception {
    assertThat(read(toAda().text("Viele Grüße aus Köln")).getHeader("Content-Transfer-Encoding"))
        .containsExactly("quoted-printable");
    MimeMessage greek = read(toAda().text("Καλημέρα"));
    assertThat(greek.getHeader("Content-Transfer-Encoding")).containsExactly("base64");
    assertThat(greek.getContent()).isEqualTo("Καλημέρα");
  }

  @Test
  void everyKindOfLineBreakArrivesAsOne() throws Exception {
    assertThat(read(toAda().text("a\nb\rc\r\nd")).getContent()).isEqualTo("a\r\nb\r\nc\r\nd\r\n");
    assertThat(read(toAda().text("α\nβ")).getContent()).isEqualTo("α\r\nβ");
  }

  @Test
  void noLineIsTooLongAndNoSpaceIsLost() throws Exception {
    String text = "x".repeat(5000) + "  \nSpaces here \t\n";
    String written = written(toAda().text(text));

    assertThat(written.lines()).allMatch(line -> line.length() <= 78);
    assertThat(MimeUtility.decode(bodyOf(written), "quoted-printable").readAllBytes())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo(text.replace("\n", "\r\n") + "\r\n");
  }

  private static ByteArrayInputStream bodyOf(String message) {
    return new ByteArrayInputStream(
        message.substring(message.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void everyByteIsAsciiAndEveryLineEndsWithCrlf() throws Exception {
    String written =
        written(
            toAda()
                .subject("Grüße 🎉")
                .text("Grüße\nä")
                .html("<p>日本語</p>")
                .attach(
                    Attachment.of("ä.txt", "text/plain", "ä".getBytes(StandardCharsets.UTF_8))));

    assertThat(written).matches("(?s)\\p{ASCII}*").endsWith("\r\n");
    assertThat(written.replace("\r\n", "")).doesNotContain("\r", "\n");
  }

  // --- Headers ----------------------------------------------------------------------------------

  @Test
  void headersAreReadAsTheyWereMeant() throws Exception {
    MimeMessage message = read(toAda().subject("Grüße 🎉").text("x"));

    assertThat(message.getSubject()).isEqualTo("Grüße 🎉");
    assertThat(((InternetAddress) message.getFrom()[0]).getPersonal()).isEqualTo("Käse");
    assertThat(message.getSentDate()).isEqualTo(Date.from(NOW));
    assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
  }

  @Test
  void aRetryHasTheSameIdAndTheSameBytes() throws Exception {
    Notification.Builder notification =
        toAda().text("a").html("b").attach(Attachment.of("c", "text/plain", new byte[] {1}));

    MimeMail first = mail(Attempts.of(notification, 1));
    MimeMail second = mail(Attempts.of(notification, 2));

    assertThat(second.message().messageId()).isEqualTo(first.message().messageId());
    assertThat(written(second)).isEqualTo(written(first));
  }

  @Test
  void answersGoWhereTheyAreWanted() throws Exception {
    MimeMail mail =
        mail(FROM, Mailbox.parse("replyTo", "Help <help@example.com>"), Attempts.toAda());

    assertThat(written(mail)).contains("\r\nReply-To: \"Help\"\r\n <help@example.com>\r\n");
  }

  @Test
  void anAddressBeyondAsciiIsWrittenAsItIs() throws Exception {
    MimeMail mail = mail(Attempts.of(Notification.to("email:grüße@bücher.example").text("x")));

    assertThat(mail.message().needsUtf8()).isTrue();
    assertThat(written(mail)).contains("\r\nTo: grüße@xn--bcher-kva.example\r\n");
  }

  // --- Forgery ----------------------------------------------------------------------------------

  /** The core refuses all of these when the notification is built; nothing gets as far as here. */
  @ParameterizedTest
  @ValueSource(strings = {"a\r\nBcc: eve@example.com", "a\nBcc: eve@example.com", "a\rb"})
  void noHeaderCanBeForged(String value) {
    assertThatThrownBy(() -> toAda().subject(value))
        .isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> Attachment.of(value, "text/plain", new byte[0]))
        .isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> Attachment.of("a", "text/plain" + value, new byte[0]))
        .isInstanceOf(InvalidNotificationException.class);
    assertThatThrownBy(() -> Notification.to("email:ada@example.com" + value))
        .isInstanceOf(InvalidNotificationException.class);
  }

  /** What would happen if something got past all checks, here by way of a forged sender. */
  @Test
  void theLastWallStandsWhereHeadersAreWritten() {
    Mailbox forged =
        new Mailbox("", new EnvelopeAddress("a@example.com>\r\nBcc: eve@example.com", false));
    MimeMail mail = mail(forged, null, Attempts.toAda());

    assertThatThrownBy(() -> mail.writeTo(new ByteArrayOutputStream()))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessage("header From must not hold a line break");
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    DeliveryAttempt attempt =
        DeliveryAttempt.of(
            Attempts.DELIVERY,
            Notification.to("mail-eu:no address").text("x").build(),
            dev.notifier.ChannelId.of("mail-eu"),
            1);

    assertThatThrownBy(() -> mail(attempt)).isInstanceOf(InvalidNotificationException.class);
  }
}
