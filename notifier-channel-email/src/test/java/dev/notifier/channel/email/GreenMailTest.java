package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.notifier.Attachment;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sends to a server that is not ours, and reads what it received with a parser that is not. */
@Timeout(30)
class GreenMailTest {
  private static final String KEY_STORE = "greenmail.tls.keystore.file";

  @TempDir static Path folder;
  private static TestCertificates localhost;

  private GreenMail server;

  @BeforeAll
  static void makeCertificate() {
    localhost = TestCertificates.forNames(folder, "dns:localhost");
    System.setProperty(KEY_STORE, localhost.keyStore().toString());
  }

  @AfterAll
  static void forgetCertificate() {
    System.clearProperty(KEY_STORE);
  }

  @BeforeEach
  void start() {
    server =
        new GreenMail(
            new ServerSetup[] {
              setup(ServerSetup.PROTOCOL_SMTP), setup(ServerSetup.PROTOCOL_SMTPS)
            });
    server.setUser("ada@example.com", "ada", "pässword");
    server.start();
  }

  private static ServerSetup setup(String protocol) {
    ServerSetup setup = new ServerSetup(0, "127.0.0.1", protocol);
    setup.setServerStartupTimeout(20_000); // 2 seconds are too few on a busy machine
    return setup;
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private SmtpChannelBuilder plain() {
    return EmailChannel.smtp("localhost", server.getSmtp().getPort())
        .from("Käse, Inc. <no-reply@example.com>");
  }

  private MimeMessage sent(SmtpChannelBuilder builder, Notification.Builder notification)
      throws Exception {
    try (Channel channel = builder.create()) {
      assertThat(channel.send(Attempts.of(notification))).isInstanceOf(Accepted.class);
    }
    assertThat(server.getReceivedMessages()).hasSize(1);
    return server.getReceivedMessages()[0];
  }

  private static Notification.Builder toAda() {
    return Notification.to("email:ada@example.com").subject("Grüße 🎉");
  }

  @Test
  void textAndHtmlAndAttachmentsArrive() throws Exception {
    byte[] file = "Käse".getBytes(StandardCharsets.UTF_8);
    MimeMessage message =
        sent(
            plain().plaintext(),
            toAda()
                .text("Grüße")
                .html("<p>Grüße</p>")
                .attach(Attachment.of("Käse.txt", "text/plain", file)));

    assertThat(message.getSubject()).isEqualTo("Grüße 🎉");
    assertThat(message.getFrom()[0])
        .hasToString("=?UTF-8?B?S8Okc2UsIEluYy4=?= <no-reply@example.com>");
    assertThat(message.getAllRecipients())
        .extracting(Object::toString)
        .containsExactly("ada@example.com");
    Multipart mixed = (Multipart) message.getContent();
    Multipart texts = (Multipart) mixed.getBodyPart(0).getContent();
    assertThat(texts.getBodyPart(0).getContent()).isEqualTo("Grüße");
    assertThat(texts.getBodyPart(1).getContent()).isEqualTo("<p>Grüße</p>");
    assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo("Käse.txt");
    assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(file);
  }

  @Test
  void textAloneArrives() throws Exception {
    MimeMessage message = sent(plain().plaintext(), toAda().text("Grüße"));

    assertThat(message.getContentType()).isEqualTo("text/plain; charset=UTF-8");
    assertThat(message.getContent().toString().strip()).isEqualTo("Grüße");
  }

  @Test
  void htmlAloneArrivesWithATextMadeOfIt() throws Exception {
    MimeMessage message = sent(plain().plaintext(), toAda().html("<p>Grüße</p>"));

    Multipart texts = (Multipart) message.getContent();
    assertThat(texts.getBodyPart(0).getContent()).isEqualTo("Grüße");
    assertThat(texts.getBodyPart(1).getContent()).isEqualTo("<p>Grüße</p>");
  }

  @Test
  void implicitTlsAndLoginWork() throws Exception {
    MimeMessage message =
        sent(
            EmailChannel.smtp("localhost", server.getSmtps().getPort())
                .from("no-reply@example.com")
                .implicitTls()
                .sslContext(localhost.context())
                .credentials("ada", "pässword"),
            toAda().text("x"));

    assertThat(message.getMessageID()).isEqualTo("<" + Attempts.DELIVERY + "@example.com>");
  }

  @Test
  void aWrongPasswordIsAConfigurationFault() throws Exception {
    try (Channel channel =
        plain().plaintextWithCredentials().credentials("ada", "S3cret-word").create()) {
      DeliveryResult result = channel.send(Attempts.toAda());

      assertThat(result).isInstanceOf(Permanent.class);
      assertThat(((Permanent) result).configurationFault()).isTrue();
      assertThat(result.reason()).contains("535").doesNotContain("S3cret-word");
    }
  }

  @Test
  void theRightPasswordLogsIn() throws Exception {
    sent(plain().plaintextWithCredentials().credentials("ada", "pässword"), toAda().text("x"));
  }
}
