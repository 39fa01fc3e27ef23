package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.notifier.CallbackReply;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole way, through the notifier. */
@Timeout(60)
class NotifierWithEmailTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static Outcome outcomeOf(Receipt receipt) throws InterruptedException {
    return receipt.await(PATIENCE).orElseThrow();
  }

  @Test
  void whatIsSentArrives() throws Exception {
    ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
    setup.setServerStartupTimeout(20_000); // 2 seconds are too few on a busy machine
    GreenMail server = new GreenMail(setup);
    server.start();
    try (Notifier notifier =
        Notifier.builder()
            .channel(
                EmailChannel.smtp("localhost", server.getSmtp().getPort())
                    .from("Shop <no-reply@example.com>")
                    .plaintext())
            .build()) {
      Receipt receipt =
          notifier.send(
              Notification.to("email:ada@example.com").subject("Hello").text("Hi").build());

      assertThat(outcomeOf(receipt).status()).isEqualTo(DeliveryStatus.SENT);
      assertThat(server.getReceivedMessages()).hasSize(1);
      assertThat(server.getReceivedMessages()[0].getMessageID())
          .isEqualTo("<" + receipt.id() + "-0@example.com>");
    } finally {
      server.stop();
    }
  }

  @Test
  void aRefusedRecipientIsReachedByTheNextChannelAndSuppressed() throws Exception {
    List<String> pages = new CopyOnWriteArrayList<>();
    try (ScriptedSmtpServer server =
            ScriptedSmtpServer.start().on(Step.RCPT, "550 5.1.1 <ada@example.com> unknown");
        Notifier notifier =
            Notifier.builder()
                .channel(
                    EmailChannel.smtp("localhost", server.port()).from("a@example.com").plaintext())
                .channel(
                    "pager",
                    attempt -> {
                      pages.add(attempt.address().value());
                      return DeliveryResult.accepted();
                    })
                .build()) {
      Receipt receipt =
          notifier.send(
              Notification.to(
                      Recipient.named("ada").email("ada@example.com").address("pager", "42"))
                  .via("email")
                  .orElse("pager")
                  .text("Hi")
                  .build());

      assertThat(outcomeOf(receipt).status()).isEqualTo(DeliveryStatus.SENT);
      assertThat(pages).containsExactly("42");
      assertThat(server.messages()).isEmpty();
      DeliveryReport delivery = notifier.find(receipt.id()).orElseThrow().deliveries().get(0);
      assertThat(delivery.channel()).isEqualTo(ChannelId.of("pager"));
      assertThat(delivery.attempts().get(0).result())
          .isEqualTo(
              DeliveryResult.suppressRecipient(
                  "RCPT TO was answered with 550 5.1.1 <a***@example.com> unknown"));

      Receipt again =
          notifier.send(Notification.to("email:ada@example.com").text("Hi again").build());
      assertThat(outcomeOf(again).status()).isEqualTo(DeliveryStatus.SUPPRESSED);
    }
  }

  @Test
  void copiesShareOneDeliveryAndHiddenOnesStayHidden() throws Exception {
    GreenMail server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try (Notifier notifier =
        Notifier.builder()
            .channel(
                EmailChannel.smtp("localhost", server.getSmtp().getPort())
                    .from("Shop <no-reply@example.com>")
                    .bounceTo("bounces@example.com")
                    .dkim(DkimSigner.pem("example.com", "s1", DkimSignerTest.ed25519Pem()))
                    .plaintext())
            .build()) {
      Receipt receipt =
          notifier.send(
              Notification.to("email:ada@example.com")
                  .subject("Hello")
                  .html("<p>Hi")
                  .options(
                      EmailOptions.create().cc("charles@example.com").bcc("eve@hidden.example"))
                  .build());

      assertThat(outcomeOf(receipt).status()).isEqualTo(DeliveryStatus.SENT);
      assertThat(server.getReceivedMessages()).hasSize(3); // one for each mailbox
      for (MimeMessage message : server.getReceivedMessages()) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        message.writeTo(received);
        assertThat(received.toString(StandardCharsets.ISO_8859_1))
            .contains("Return-Path: <bounces@example.com>")
            .contains("Cc: charles@example.com")
            .contains("DKIM-Signature: v=1; a=ed25519-sha256;")
            .doesNotContain("hidden.example");
      }
    } finally {
      server.stop();
    }
  }

  @Test
  void aBounceThatComesByMailMovesTheDeliveryAndSuppressesTheAddress() throws Exception {
    try (ScriptedSmtpServer server = ScriptedSmtpServer.start();
        Notifier notifier =
            Notifier.builder()
                .channel(
                    EmailChannel.smtp("localhost", server.port()).from("a@example.com").plaintext())
                .build()) {
      Notification notification = Notification.to("email:ada@example.com").text("Hi").build();
      Receipt receipt = notifier.send(notification);
      assertThat(outcomeOf(receipt).status()).isEqualTo(DeliveryStatus.SENT);
      byte[] bounce =
          BounceMailsTest.BOUNCE
              .replace(Attempts.DELIVERY.toString(), receipt.id() + "-0")
              .getBytes(StandardCharsets.US_ASCII);

      assertThat(notifier.callbacks().accept("email", EmailChannel.bounceMail(bounce)))
          .isEqualTo(new CallbackReply(200, "1 of 1 updates moved a delivery"));

      DeliveryReport delivery = notifier.find(receipt.id()).orElseThrow().deliveries().get(0);
      assertThat(delivery.status()).isEqualTo(DeliveryStatus.BOUNCED);
      assertThat(outcomeOf(notifier.send(notification)).status())
          .isEqualTo(DeliveryStatus.SUPPRESSED);
      assertThat(notifier.callbacks().accept("email", EmailChannel.bounceMail(bounce)).detail())
          .isEqualTo("0 of 1 updates moved a delivery");
    }
  }

  @Test
  void settingsAloneMakeTheChannel() throws Exception {
    try (ScriptedSmtpServer server = ScriptedSmtpServer.start();
        Notifier notifier =
            Notifier.builder()
                .environment(
                    Map.of(
                        "NOTIFIER_EMAIL_HOST", "localhost",
                        "NOTIFIER_EMAIL_PORT", String.valueOf(server.port()),
                        "NOTIFIER_EMAIL_SECURITY", "plaintext",
                        "NOTIFIER_EMAIL_FROM", "Shop <no-reply@example.com>"))
                .build()) {
      Receipt receipt = notifier.send(Notification.to("email:ada@example.com").text("Hi").build());

      assertThat(outcomeOf(receipt).status()).isEqualTo(DeliveryStatus.SENT);
      assertThat(server.messages()).hasSize(1);
    }
  }

  @Test
  void whatCannotBeMailedIsRefusedAtOnce() {
    try (Notifier notifier =
        Notifier.builder()
            .channel(
                EmailChannel.smtp("localhost", 25).id("email-eu").from("a@example.com").plaintext())
            .build()) {
      Notification notification = Notification.to("email-eu:no address").text("Hi").build();

      assertThatThrownBy(() -> notifier.send(notification))
          .isInstanceOf(InvalidNotificationException.class);
    }
  }

  @Test
  void closingDoesNotWaitForASilentServer() throws Exception {
    try (ScriptedSmtpServer server =
        ScriptedSmtpServer.start().on(Step.END_OF_DATA, ScriptedSmtpServer.SILENCE)) {
      Notifier notifier =
          Notifier.builder()
              .name("closing-test")
              .channel(
                  EmailChannel.smtp("localhost", server.port()).from("a@example.com").plaintext())
              .build();
      notifier.send(Notification.to("email:ada@example.com").text("Hi").build());

      notifier.close(Duration.ofMillis(200));

      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("closing-test"));
    }
  }
}
