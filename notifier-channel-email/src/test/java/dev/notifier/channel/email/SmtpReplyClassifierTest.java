package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Permanent;
import jakarta.mail.MessagingException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SmtpReplyClassifierTest {
  @ParameterizedTest
  @CsvSource({
    // The server turns us away before a message is spoken of.
    "GREETING,    421 4.3.2 too busy,                  transient",
    "GREETING,    554 no SMTP service here,            configuration",
    "EHLO,        421 4.7.0 too many connections,      transient",
    "EHLO,        550 5.7.1 bad name,                  configuration",
    "STARTTLS,    454 4.7.0 TLS not available,         transient",
    "STARTTLS,    502 5.5.1 no such command,           configuration",
    "AUTH,        535 5.7.8 bad credentials,           configuration",
    "AUTH,        454 4.7.0 temporary failure,         transient",
    "AUTH,        454 Throttling failure,              transient",
    "AUTH,        432 4.7.12 transition needed,        transient",
    "AUTH,        534 5.7.9 mechanism too weak,        configuration",
    "AUTH,        421 too many errors,                 transient",
    // The sender is refused: never the recipient's fault.
    "MAIL,        421 4.4.2 timeout,                   transient",
    "MAIL,        451 Timeout waiting for data,        transient",
    "MAIL,        530 5.7.0 authentication required,   configuration",
    "MAIL,        550 5.1.1 unknown sender,            configuration",
    "MAIL,        550 5.7.1 not your address,          configuration",
    "MAIL,        553 5.1.8 sender domain unknown,     configuration",
    "MAIL,        552 5.3.4 message too large,         permanent",
    "MAIL,        552 too large,                       permanent",
    "MAIL,        550 5.6.7 address beyond ASCII,      permanent",
    // The recipient.
    "RCPT,        450 4.7.1 greylisted,                transient",
    "RCPT,        450 mailbox busy,                    transient",
    "RCPT,        452 4.5.3 too many recipients,       transient",
    "RCPT,        421 4.7.0 slow down,                 transient",
    "RCPT,        550 5.1.1 no such user,              suppress",
    "RCPT,        550 5.1.2 no such host,              suppress",
    "RCPT,        501 5.1.3 bad address,               suppress",
    "RCPT,        551 5.1.6 has moved,                 suppress",
    "RCPT,        556 5.1.10 null MX,                  suppress",
    "RCPT,        550 5.2.1 disabled,                  suppress",
    "RCPT,        550 5.4.4 unable to route,           suppress",
    "RCPT,        450 5.1.1 told to bounce softly,     transient",
    "RCPT,        550 4.2.1 not now,                   transient",
    "RCPT,        550 no such user,                    suppress",
    "RCPT,        550 5.0.0 User unknown,              suppress",
    "RCPT,        556 no mail here,                    suppress",
    "RCPT,        550 sender unknown to no such user,  permanent",
    "RCPT,        550 5.7.1 no such user,              permanent",
    "RCPT,        550 your IP is on a blocklist,       permanent",
    "RCPT,        550 denied,                          permanent",
    "RCPT,        554 over quota,                      transient",
    "RCPT,        551 User not local; try forwarding,  permanent",
    "RCPT,        553 not allowed,                     permanent",
    "RCPT,        552 5.2.2 mailbox full,              transient",
    "RCPT,        552 mailbox full,                    transient",
    "RCPT,        550 5.3.1 system full,               transient",
    "RCPT,        552 5.2.3 too long,                  permanent",
    "RCPT,        550 5.7.1 blocked by policy,         permanent",
    "RCPT,        554 5.7.1 relay access denied,       permanent",
    "RCPT,        550 5.7.23 SPF failed,               permanent",
    "RCPT,        550 5.7.27 sender has null MX,       configuration",
    "RCPT,        550 5.1.8 sender domain unknown,     configuration",
    "RCPT,        530 5.7.0 authentication required,   configuration",
    "RCPT,        503 5.5.1 bad sequence,              permanent",
    // The message.
    "DATA,        451 4.3.0 not now,                   transient",
    "DATA,        554 5.5.1 no valid recipients,       permanent",
    "END_OF_DATA, 451 4.7.1 greylisted,                transient",
    "END_OF_DATA, 421 4.3.2 shutting down,             transient",
    "END_OF_DATA, 550 5.7.1 looks like spam,           permanent",
    "END_OF_DATA, 552 message too large,               permanent",
    "END_OF_DATA, 552 5.2.2 mailbox full,              transient",
    "END_OF_DATA, 550 5.1.10 recipient not found,      suppress",
    "END_OF_DATA, 554 transaction failed,              permanent",
  })
  void aRefusalIsReadByItsCodesAndItsStage(SmtpStage stage, String reply, String expected) {
    DeliveryResult result =
        SmtpReplyClassifier.classify(stage, replyOf(reply), new MessagingException(reply));

    assertThat(kindOf(result)).isEqualTo(expected);
    assertThat(result.reason())
        .startsWith(stage + " was answered with " + reply.substring(0, 3))
        .satisfies(reason -> assertThat(reason.endsWith(reply)).isEqualTo(stage != SmtpStage.AUTH));
  }

  @Test
  void aServerThatQuotesTheLoginGivesNoPasswordAway() {
    String reply = "500 5.5.1 Command unrecognized: \"AUTH PLAIN AHVzZXIAUzNjcmV0\"";
    DeliveryResult result =
        SmtpReplyClassifier.classify(SmtpStage.AUTH, replyOf(reply), new MessagingException(reply));
    assertThat(result.reason()).isEqualTo("AUTH was answered with 500 5.5.1");
  }

  @ParameterizedTest
  @EnumSource
  void noAnswerAtAllIsAmbiguousFromTheFinalDotOn(SmtpStage stage) {
    DeliveryResult result =
        SmtpReplyClassifier.classify(
            stage, null, new MessagingException("", new SocketTimeoutException("Read timed out")));

    assertThat(kindOf(result))
        .isEqualTo(stage == SmtpStage.END_OF_DATA ? "ambiguous" : "transient");
    assertThat(result.reason()).contains("SocketTimeoutException: Read timed out");
  }

  static Stream<Arguments> exceptions() {
    return Stream.of(
        Arguments.of(SmtpStage.CONNECT, new ConnectException("refused"), "transient"),
        Arguments.of(SmtpStage.CONNECT, new UnknownHostException("host"), "transient"),
        Arguments.of(SmtpStage.CONNECT, new ClosedByInterruptException(), "transient"),
        Arguments.of(SmtpStage.AUTH, new MissingExtensionException("AUTH PLAIN"), "configuration"),
        Arguments.of(
            SmtpStage.STARTTLS, new MessagingException("", badCertificate()), "configuration"),
        Arguments.of(
            SmtpStage.TLS_HANDSHAKE, new SSLPeerUnverifiedException("name"), "configuration"),
        Arguments.of(
            SmtpStage.TLS_HANDSHAKE, new SSLHandshakeException("no version"), "configuration"),
        Arguments.of(SmtpStage.TLS_HANDSHAKE, brokenOff(), "transient"),
        Arguments.of(SmtpStage.TLS_HANDSHAKE, new SocketException("reset"), "transient"),
        Arguments.of(SmtpStage.EHLO, new MissingExtensionException("STARTTLS"), "configuration"),
        Arguments.of(SmtpStage.EHLO, new MissingExtensionException("AUTH"), "configuration"),
        Arguments.of(SmtpStage.EHLO, new MissingExtensionException("SMTPUTF8"), "permanent"));
  }

  private static IOException badCertificate() {
    SSLHandshakeException failure = new SSLHandshakeException("untrusted");
    failure.initCause(new CertificateException("not signed by a friend"));
    return failure;
  }

  private static IOException brokenOff() {
    SSLHandshakeException failure = new SSLHandshakeException("terminated");
    failure.initCause(new EOFException("hung up"));
    return failure;
  }

  @ParameterizedTest
  @MethodSource("exceptions")
  void anExceptionIsReadByItsKind(SmtpStage stage, Exception failure, String expected) {
    SmtpReply positive = new SmtpReply(220, "", "go ahead");

    assertThat(kindOf(SmtpReplyClassifier.classify(stage, positive, failure))).isEqualTo(expected);
  }

  @Test
  void suppressesForNothingThatSisimaiDoesNotCallAHardBounce() throws IOException {
    Path data = SharedData.file("smtp/reply-and-status-codes.json");
    Pattern row =
        Pattern.compile("\"(5\\.\\d+\\.\\d+)\": ?\\{[^}]*?\"sisimai_reason\": ?\"(\\w+)\"");
    Matcher rows = row.matcher(Files.readString(data));
    int count = 0;
    while (rows.find()) {
      count++;
      String status = rows.group(1);
      boolean hard =
          Pattern.matches("userunknown|hostunknown|hasmoved|notaccept", rows.group(2))
              || status.equals("5.2.1"); // a disabled mailbox
      SmtpReply reply = new SmtpReply(550, status, status);
      String kind =
          kindOf(SmtpReplyClassifier.classify(SmtpStage.RCPT, reply, new MessagingException()));
      assertThat(hard || !kind.equals("suppress")).as(status).isTrue();
    }
    assertThat(count).isGreaterThan(50);
  }

  private static SmtpReply replyOf(String line) {
    return Objects.requireNonNull(
        SmtpReply.parse(Integer.parseInt(line.substring(0, 3)), line), line);
  }

  static String kindOf(DeliveryResult result) {
    if (result instanceof Permanent failure) {
      return failure.suppressRecipient()
          ? "suppress"
          : failure.configurationFault() ? "configuration" : "permanent";
    }
    return result.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }
}
