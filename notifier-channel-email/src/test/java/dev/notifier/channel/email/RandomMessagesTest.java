package dev.notifier.channel.email;

import static dev.notifier.channel.email.SecondParser.part;
import static dev.notifier.channel.email.SecondParser.settings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Attachment;
import dev.notifier.Notification;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Properties;
import java.util.Random;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of random characters, from harmless to hostile, as another parser reads them. */
class RandomMessagesTest {
  private static final int MESSAGES = 400;
  private static final String NASTY = " \"\\<>@,;:=?_()[]'%*.\tF-";

  private final Random random = new Random(20240903);

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "ISO-2022-JP", "windows-1252"})
  void everyMessageIsReadAsItWasMeant(String charset) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String key = Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded());
    DkimSigner signer =
        DkimSigner.pem(
            "shop.example", "s", "-----BEGIN PRIVATE KEY-----" + key + "-----END PRIVATE KEY-----");
    for (int i = 0; i < MESSAGES; i++) {
      String subject = line(120);
      String name = line(60);
      String file = line(80).replaceAll("[/\\\\]", "-");
      String text = text(400);
      Notification.Builder notification =
          Notification.to("email:ada@example.com")
              .subject(subject)
              .text(text)
              .html("<p>x")
              .attach(Attachment.of(file, "application/pdf", text.getBytes(StandardCharsets.UTF_8)))
              .options(EmailOptions.create().toName(name).header("X-Any", subject));

      byte[] written =
          SecondParser.written(notification, settings(Charset.forName(charset), signer));

      Message message = SecondParser.read(written);
      assertThat(message.getSubject()).isEqualTo(subject);
      assertThat(((Mailbox) message.getTo().get(0)).getName()).isEqualTo(name);
      assertThat(SecondParser.text(part(message, 0, 0)))
          .isEqualTo(text.replaceAll("\r\n|\r|\n", "\r\n"));
      assertThat(fileName(written)).isEqualTo(file);
      assertThat(SecondParser.bytes(part(message, 1)))
          .isEqualTo(text.getBytes(StandardCharsets.UTF_8));
      assertThat(PlainDkimVerifier.verified(written, pair.getPublic())).isEqualTo(1);
      assertThat(new String(written, StandardCharsets.ISO_8859_1).split("\r\n", -1))
          .allMatch(line -> line.length() <= 998 && line.matches("\\p{ASCII}*"));
    }
  }

  /** As Angus reads it: Mime4j 0.8.12 decodes the first piece of a long name only. */
  private static String fileName(byte[] message) throws Exception {
    MimeMessage read =
        new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message));
    return ((Multipart) read.getContent()).getBodyPart(1).getFileName();
  }

  /** Without spaces at its ends, which readers take away. */
  private String line(int most) {
    return "x" + text(most).replaceAll("[\\p{Cc}\\u2028\\u2029]", "") + "x";
  }

  private String text(int most) {
    StringBuilder text = new StringBuilder();
    int kind = random.nextInt(4);
    for (int i = random.nextInt(most); i >= 0; i--) {
      text.appendCodePoint(character(kind));
    }
    return text.append('.').toString();
  }

  private int character(int kind) {
    return switch (random.nextInt(12)) {
      case 0 -> NASTY.charAt(random.nextInt(NASTY.length()));
      case 1 -> ' ';
      case 2 -> random.nextInt(3) == 0 ? '\n' : '\r';
      default ->
          switch (kind) {
            case 0 -> 'a' + random.nextInt(26);
            case 1 -> 0xA1 + random.nextInt(0xFF - 0xA1);
            case 2 -> 0x3042 + random.nextInt(80);
            default ->
                random.nextBoolean() ? 0x1F300 + random.nextInt(300) : 'A' + random.nextInt(26);
          };
    };
  }
}
