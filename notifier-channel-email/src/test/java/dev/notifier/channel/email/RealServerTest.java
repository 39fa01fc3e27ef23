package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.Notification;
import dev.notifier.Verification.Verdict;
import java.io.IOException;
import java.util.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sends to a real mail server, such as Postfix, Exim or OpenSMTPD, that takes mail for {@code
 * notifier.mta.recipient} in plain text. The profile {@code real-mta} of this module names one.
 */
@Timeout(60)
class RealServerTest {
  private static final String SERVER = System.getProperty("notifier.mta", "");
  private static final String RECIPIENT =
      System.getProperty("notifier.mta.recipient", "root@localhost.localdomain");

  @BeforeEach
  void skipLoudly() {
    if (SERVER.isEmpty()) {
      Logger.getLogger(RealServerTest.class.getName())
          .warning("SKIPPED: no real mail server; name one by -Dnotifier.mta=host:port");
    }
    Assumptions.assumeFalse(SERVER.isEmpty(), "no -Dnotifier.mta=host:port");
  }

  private static SmtpChannel channel() {
    HostAndPort server = HostAndPort.parse(SERVER, 25);
    return (SmtpChannel)
        EmailChannel.smtp(server.host(), server.port())
            .from("Shop <no-reply@localhost.localdomain>")
            .localHost("localhost.localdomain")
            .plaintext()
            .create();
  }

  @Test
  void itIsReached() {
    try (SmtpChannel channel = channel()) {
      assertThat(channel.verify().detail()).endsWith(" answers");
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.WORKS);
    }
  }

  @Test
  void itTakesOneMessageAfterTheOtherAndGoesOnAfterARefusal() throws IOException {
    try (SmtpChannel channel = channel()) {
      for (int i = 0; i < 5; i++) {
        assertThat(channel.send(to(RECIPIENT))).isInstanceOf(Accepted.class);
      }
      assertThat(channel.send(to("nobody@no-such-domain.invalid")).reason())
          .startsWith("RCPT TO was answered with ");
      assertThat(channel.send(to(RECIPIENT))).isInstanceOf(Accepted.class);
    }
  }

  private static DeliveryAttempt to(String address) {
    return Attempts.of(
        Notification.to("email:" + address)
            .subject("Grüße")
            .text(".\r\n..\nGrüße")
            .html("<p>Grüße</p>"));
  }
}
