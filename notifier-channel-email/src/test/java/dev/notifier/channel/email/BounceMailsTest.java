package dev.notifier.channel.email;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.notifier.CallbackRequest;
import dev.notifier.DeliveryStatus;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.InvalidCallbackException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BounceMailsTest {
  private static final String OURS = "<" + Attempts.DELIVERY + "@shop.example>";
  private static final String COPIES = "<" + Attempts.DELIVERY + ".copies@shop.example>";

  /** As Postfix writes it. */
  static final String BOUNCE =
      """
      Return-Path: <>
      From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
      Subject: Undelivered Mail Returned to Sender
      To: no-reply@shop.example
      Auto-Submitted: auto-replied
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status;
      \tboundary="F180CB7A.1/mx.example.com"

      This is a MIME-encapsulated message.

      --F180CB7A.1/mx.example.com
      Content-Description: Notification
      Content-Type: text/plain; charset=us-ascii

      I'm sorry to have to inform you that your message could not be delivered.

      --F180CB7A.1/mx.example.com
      Content-Description: Delivery report
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx.example.com
      X-Postfix-Sender: rfc822; no-reply@shop.example

      Final-Recipient: rfc822; Ada@example.com
      Original-Recipient: rfc822;ada@example.com
      Action: failed
      Status: 5.1.1
      Remote-MTA: dns; mail.example.com
      Diagnostic-Code: smtp; 550 5.1.1 <ada@example.com>: Recipient address
          rejected: User unknown

      --F180CB7A.1/mx.example.com
      Content-Description: Undelivered Message
      Content-Type: message/rfc822

      Received: from shop.example by mx.example.com
      From: Shop <no-reply@shop.example>
      To: ada@example.com
      Message-ID: %s
      Subject: Hello

      Hello Ada

      --F180CB7A.1/mx.example.com--
      """
          .formatted(OURS);

  private static List<DeliveryUpdate> receive(String mail) {
    return BounceMails.receive(EmailChannel.bounceMail(mail.getBytes(ISO_8859_1)));
  }

  private static DeliveryUpdate only(String mail) {
    List<DeliveryUpdate> updates = receive(mail);
    assertThat(updates).hasSize(1);
    assertThat(updates.get(0).delivery()).contains(Attempts.DELIVERY);
    return updates.get(0);
  }

  @Test
  void aBounceMovesTheDeliveryAndSuppressesADeadAddress() {
    for (String mail : List.of(BOUNCE, BOUNCE.replace("\n", "\r\n"), BOUNCE.replace("\n", "\r"))) {
      DeliveryUpdate update = only(mail);
      assertThat(update.status()).isEqualTo(DeliveryStatus.BOUNCED);
      assertThat(update.suppressesRecipient()).isTrue();
      assertThat(update.reason())
          .isEqualTo("a bounce says 550 5.1.1 <***>: Recipient address rejected: User unknown");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failed    | 5.1.1  | 550 5.1.1 unknown          | BOUNCED | true",
        "failed    | 5.1.2  | 550 5.1.2 bad host         | BOUNCED | true",
        "failed    | 5.1.3  | 501 5.1.3 bad syntax       | BOUNCED | true",
        "failed    | 5.1.6  | 551 5.1.6 moved            | BOUNCED | true",
        "failed    | 5.1.10 | 556 5.1.10 null MX         | BOUNCED | true",
        "failed    | 5.2.1  | 550 5.2.1 disabled         | BOUNCED | true",
        "failed    | 5.4.4  | host not found             | BOUNCED | true",
        "failed    | 5.0.0  | 550 no such user           | BOUNCED | true",
        "failed    | 5.0.0  | 550 5.1.1 no               | BOUNCED | true",
        "failed    | 5.2.2  | 552 5.2.2 mailbox full     | BOUNCED | false",
        "failed    | 5.7.1  | 550 5.7.1 no such user     | BOUNCED | false",
        "failed    | 5.0.0  | 550 spam, and no such user | BOUNCED | false",
        "failed    | 5.0.0  | 554 no                     | BOUNCED | false",
        "failed    | 4.4.7  | 450 4.2.0 greylisted       | BOUNCED | false",
        "failed    | 4.1.1  | 450 4.1.1 unknown          | BOUNCED | false",
        "failed    | 5.1.8  | 553 5.1.8 sender unknown   | BOUNCED | false",
        "delivered | 2.0.0  | 250 2.0.0 ok               | DELIVERED | false",
      })
  void theReportSaysWhatBecameOfIt(
      String action, String status, String words, DeliveryStatus expected, boolean suppresses) {
    DeliveryUpdate update =
        only(
            BOUNCE
                .replace("Action: failed", "Action: " + action)
                .replace("Status: 5.1.1", "Status: " + status)
                .replaceFirst("smtp; 550 (?s:.*?)User unknown", "smtp; " + words));
    assertThat(update.status()).isEqualTo(expected);
    assertThat(update.suppressesRecipient()).isEqualTo(suppresses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delayed", "relayed", "expanded", "anything"})
  void whatIsNotTheEndIsNoNews(String action) {
    assertThat(receive(BOUNCE.replace("Action: failed", "Action: " + action))).isEmpty();
  }

  @Test
  void anAddressThatMailIsForwardedToIsNotTheRecipients() {
    DeliveryUpdate update =
        only(BOUNCE.replace("rfc822; Ada@example.com", "rfc822; ada@elsewhere.example"));
    assertThat(update.status()).isEqualTo(DeliveryStatus.BOUNCED);
    assertThat(update.suppressesRecipient()).isFalse();
  }

  @Test
  void aBounceOfACopyIsNotTheRecipients() {
    String copies = BOUNCE.replace(OURS, COPIES);
    assertThat(only(copies).suppressesRecipient()).isTrue();
    assertThat(
            receive(
                copies.replaceAll("rfc822; ?(?i)ada@example.com", "rfc822; charles@example.com")))
        .isEmpty();
  }

  @Test
  void severalRecipientsAreKeptApart() {
    String two =
        BOUNCE
            .replace(OURS, COPIES)
            .replace(
                "Final-Recipient",
                "Final-Recipient: rfc822; charles@example.com\nAction: failed\nStatus: 5.1.1\n\n"
                    + "Final-Recipient")
            .replace("Status: 5.1.1\nRemote", "Status: 5.2.2\nRemote");
    assertThat(only(two).suppressesRecipient()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<somebody-elses@shop.example>",
        "<0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b@shop.example>",
        "<0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-99999@shop.example>",
        "<0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-0.other@shop.example>",
        "",
      })
  void aBounceOfAnotherMessageChangesNothing(String id) {
    assertThat(receive(BOUNCE.replace(OURS, id))).isEmpty();
  }

  @Test
  void headersAloneAreEnough() {
    assertThat(
            only(BOUNCE
                    .replace("message/rfc822", "text/rfc822-headers")
                    .replaceFirst("Subject: Hello\n\nHello Ada\n\n--", "Subject: Hello\n--"))
                .suppressesRecipient())
        .isTrue();
  }

  @Test
  void aReportThatNamesTheMessageAsAnAnswerDoesIsMatchedToo() {
    String bare =
        BOUNCE
            .substring(0, BOUNCE.indexOf("--F180CB7A.1/mx.example.com\nContent-Description: Und"))
            .replace("Return-Path", "In-Reply-To: " + OURS + "\nReturn-Path");
    assertThat(only(bare).status()).isEqualTo(DeliveryStatus.BOUNCED);
  }

  @Test
  void qmailsOldFormIsUnderstood() {
    DeliveryUpdate update =
        only(
            """
            Return-Path: <>
            From: MAILER-DAEMON@mx.example.com
            To: no-reply@shop.example
            Subject: failure notice

            Hi. This is the qmail-send program at mx.example.com.
            I'm afraid I wasn't able to deliver your message to the following addresses.
            This is a permanent error; I've given up. Sorry it didn't work out.

            <ada@example.com>:
            192.0.2.153 does not like recipient.
            Remote host said: 550 5.1.1 <ada@example.com>... User Unknown
            Giving up on 192.0.2.153.

            --- Below this line is a copy of the message.

            Return-Path: <no-reply@shop.example>
            To: ada@example.com
            Message-ID: %s

            Hello
            """
                .formatted(OURS));
    assertThat(update.suppressesRecipient()).isTrue();
    assertThat(update.reason()).startsWith("a bounce says 550 5.1.1 <***>... User Unknown");
  }

  @ParameterizedTest
  @CsvSource({"quoted-printable", "base64", "7BIT"})
  void anEncodedReportIsDecoded(String encoding) {
    String fields =
        BOUNCE.substring(
            BOUNCE.indexOf("Reporting-MTA"),
            BOUNCE.indexOf("\n--F180CB7A.1/mx.example.com\nContent-Description: Und"));
    String encoded =
        switch (encoding) {
          case "base64" ->
              Base64.getMimeEncoder(76, new byte[] {'\n'})
                      .encodeToString(fields.getBytes(ISO_8859_1))
                  + "\n";
          case "quoted-printable" ->
              fields.replace("=", "=3D").replace("failed", "fai=\nled").replace("@", "=40");
          default -> fields;
        };
    DeliveryUpdate update =
        only(
            BOUNCE.replace(
                "message/delivery-status\n\n" + fields,
                "message/delivery-status\nContent-Transfer-Encoding: "
                    + encoding
                    + "\n\n"
                    + encoded));
    assertThat(update.suppressesRecipient()).isTrue();
    assertThat(update.reason()).contains("550 5.1.1 <***>: Recipient address rejected");
  }

  @Test
  void aComplaintSuppressesAndOtherFeedbackDoesNot() {
    String complaint =
        """
        From: <abuse@provider.example>
        Subject: FW: Hello
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary=b

        --b
        Content-Type: text/plain

        This is an email abuse report.
        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: SomeGenerator/1.0
        Version: 1
        Original-Rcpt-To: <ada@example.com>

        --b
        Content-Type: message/rfc822

        From: no-reply@shop.example
        To: ada@example.com
        Message-ID: %s

        Hello
        --b--
        """
            .formatted(OURS);
    DeliveryUpdate update = only(complaint);
    assertThat(update.status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(update.suppressesRecipient()).isTrue();
    assertThat(receive(complaint.replace("Feedback-Type: abuse", "Feedback-Type: not-spam")))
        .isEmpty();
    assertThat(
            receive(
                complaint.replace(OURS, COPIES).replace("<ada@example.com>", "<c@example.com>")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ada <ada@example.com>", "postmaster@example.com"})
  void anAnswerThatIsNoBounceChangesNothing(String from) {
    assertThat(
            receive(
                """
                Return-Path: <>
                Auto-Submitted: auto-replied
                From: %s
                In-Reply-To: %s
                Subject: Out of office

                The user unknown to you is away. 550 5.1.1
                """
                    .formatted(from, OURS)))
        .isEmpty();
  }

  // --- The callback -----------------------------------------------------------------------------

  @Test
  void aRequestByHttpIsNotTakenForAMail() {
    CallbackRequest http =
        CallbackRequest.of("POST", "https://shop.example/callbacks/email")
            .header("Content-Type", "message/rfc822")
            .body(BOUNCE.getBytes(ISO_8859_1));
    try (var channel = EmailChannel.smtp("127.0.0.1", 25).from("a@shop.example").create()) {
      assertThatThrownBy(() -> channel.receive(http)).isInstanceOf(InvalidCallbackException.class);
      assertThat(channel.receive(EmailChannel.bounceMail(BOUNCE.getBytes(ISO_8859_1)))).hasSize(1);
    }
  }

  @Test
  void theEndOfALongMailIsLeftOut() {
    String longMail = BOUNCE.replace("Hello Ada", "Hello Ada\n".repeat(500_000));
    assertThat(only(longMail).suppressesRecipient()).isTrue();
  }

  // --- Broken and hostile mail ------------------------------------------------------------------

  @Test
  @Timeout(60)
  void mailThatIsCutOrDamagedAnywhereDoesNoHarm() {
    byte[] whole = BOUNCE.getBytes(ISO_8859_1);
    Random random = new Random(5);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] = (byte) random.nextInt(256);
      for (byte[] mail : List.of(Arrays.copyOf(whole, i), damaged)) {
        assertThat(BounceMails.receive(EmailChannel.bounceMail(mail))).hasSizeLessThan(3);
      }
    }
  }

  static List<String> hostile() {
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      nested.append("Content-Type: multipart/mixed; boundary=b").append(i);
      nested.append("\n\n--b").append(i).append('\n');
    }
    String report = "From: mailer-daemon@x\n\n";
    return List.of(
        nested.toString(),
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n".repeat(200_000),
        "Content-Type: multipart/mixed; boundary=\"\"\n\n" + "--\n".repeat(300_000),
        "X:\n" + " \n".repeat(500_000),
        "A: b\n".repeat(200_000),
        report + "550 ".repeat(250_000),
        report + "550-insufficient ".repeat(60_000),
        report + "Final-Recipient: a\nAction: failed\n\n".repeat(25_000),
        report + "<a@b>:\nx\n\n".repeat(100_000),
        report + "a@b".repeat(300_000),
        report + "user ".repeat(200_000),
        report + "- ".repeat(500_000),
        "\n".repeat(1_000_000),
        "Content-Transfer-Encoding: base64\nFrom: postmaster\n\n" + "=".repeat(1_000_000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void noMailTakesLong(String mail) {
    byte[] bytes = (mail + "\nIn-Reply-To: " + OURS).getBytes(ISO_8859_1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> BounceMails.receive(EmailChannel.bounceMail(bytes)));
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> BounceMails.reports(MailEntity.read(bytes)));
  }

  // --- Other people's mails ---------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "mimekit-delivery-status.txt,               FAILED,    500, '',    false",
    "mimekit-delivery-status-no-blank-line.txt, FAILED,    500, '',    false",
    "mimekit-delivery-status2.txt,              FAILED,    0,   5.0.0, true",
    "mimekit-bounce.txt,                        FAILED,    550, 5.1.1, true",
    "mimekit-feedback-report.txt,               COMPLAINT, 0,   '',    false",
  })
  void mimeKitsExamplesAreRead(
      String file, BounceReport.Action action, int code, String status, boolean gone)
      throws Exception {
    byte[] mail = Files.readAllBytes(SharedData.file("email/dsn/" + file));
    List<BounceReport> reports = BounceMails.reports(MailEntity.read(mail));
    assertThat(reports).hasSize(1);
    BounceReport report = reports.get(0);
    assertThat(report).hasToString("BounceReport[" + action + " " + code + " " + status + "]");
    assertThat(report.isGone()).isEqualTo(gone);
  }

  @Test
  void aDispositionNotificationIsNoBounce() throws Exception {
    byte[] mail =
        Files.readAllBytes(SharedData.file("email/dsn/mimekit-disposition-notification.txt"));
    assertThat(BounceMails.reports(MailEntity.read(mail))).isEmpty();
  }
}
