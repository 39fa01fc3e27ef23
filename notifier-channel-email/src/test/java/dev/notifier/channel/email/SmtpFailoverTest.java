package dev.notifier.channel.email;

import static dev.notifier.channel.email.ScriptedSmtpServer.HANG_UP;
import static dev.notifier.channel.email.ScriptedSmtpServer.SILENCE;
import static dev.notifier.channel.email.SmtpReplyClassifierTest.kindOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Verification.Verdict;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a message goes to the next server, and when it must not. */
@Timeout(30)
class SmtpFailoverTest {
  private final ScriptedSmtpServer primary = ScriptedSmtpServer.start();
  private final ScriptedSmtpServer backup = ScriptedSmtpServer.start();
  private final AtomicLong nanos = new AtomicLong();
  private SmtpChannelBuilder builder;

  @BeforeEach
  void configure() {
    builder =
        EmailChannel.smtp("localhost", primary.port())
            .failover("127.0.0.1", backup.port())
            .from("Shop <no-reply@example.com>")
            .plaintext()
            .retryServerAfter(Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    primary.close();
    backup.close();
  }

  private SmtpChannel channel() {
    return new SmtpChannel(
        new SmtpSettings(builder), InstantSource.system(), nanos::get, Duration.ofSeconds(20));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private DeliveryResult sendOnce() throws IOException {
    try (SmtpChannel channel = channel()) {
      return channel.send(Attempts.toAda());
    }
  }

  @Test
  void theFirstServerThatWorksHasTheMessage() throws IOException {
    assertThat(sendOnce()).isInstanceOf(Accepted.class);
    assertThat(primary.messages()).hasSize(1);
    assertThat(backup.connections()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "GREETING,    421 4.3.2 too busy",
    "GREETING,    554 5.3.2 no SMTP here",
    "GREETING,    <hang up>",
    "EHLO,        421 4.3.2 too busy",
    "MAIL,        421 4.4.2 bye",
    "MAIL,        452 4.3.1 no room",
    "MAIL,        <hang up>",
    "RCPT,        421 4.7.0 slow down",
    "RCPT,        451 4.3.0 no database",
    "RCPT,        <hang up>",
    "DATA,        451 4.3.0 not now",
    "DATA,        <hang up>",
    "END_OF_DATA, 421 4.3.2 shutting down",
    "END_OF_DATA, 452 4.3.1 no room",
  })
  void whatIsTheServersFaultGoesToTheNext(Step step, String reply) throws IOException {
    primary.on(step, reply);

    assertThat(sendOnce()).isInstanceOf(Accepted.class);
    assertThat(primary.messages()).isEmpty();
    assertThat(backup.messages()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL,        550 5.7.1 not your address, configuration",
    "RCPT,        450 4.2.0 greylisted,       transient",
    "RCPT,        550 5.1.1 unknown,          suppress",
    "END_OF_DATA, 451 4.7.1 greylisted,       transient",
    "END_OF_DATA, 554 5.7.1 spam,             permanent",
  })
  void whatIsTheMessagesFaultIsTheAnswer(Step step, String reply, String expected)
      throws IOException {
    primary.on(step, reply);

    assertThat(kindOf(sendOnce())).isEqualTo(expected);
    assertThat(backup.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {HANG_UP, SILENCE, "what?"})
  void whatTheServerMayHaveGoesToNoOther(String reply) throws IOException {
    builder.acceptanceTimeout(Duration.ofMillis(300));
    primary.on(Step.END_OF_DATA, reply);

    assertThat(sendOnce()).isInstanceOf(Ambiguous.class);
    assertThat(backup.connections()).isZero();
  }

  @Test
  void aRefusedLoginAtOneServerDoesNotStopTheChannel() throws IOException {
    primary.offering("AUTH PLAIN").on(Step.AUTH, "535 5.7.8 no");
    backup.offering("AUTH PLAIN");
    builder =
        EmailChannel.smtp("localhost", primary.port())
            .failover("127.0.0.1", backup.port())
            .from("a@example.com")
            .plaintextWithCredentials()
            .credentials("user", "password");

    assertThat(sendOnce()).isInstanceOf(Accepted.class);
  }

  @Test
  void aDeadServerIsPassedOverAndTriedAgainLater() throws IOException {
    primary.on(Step.GREETING, "421 4.3.2 down", "421 4.3.2 still down", "220 up");
    try (SmtpChannel channel = channel()) {
      send(channel, 3);
      assertThat(primary.connections()).isEqualTo(1);

      pass(Duration.ofSeconds(31));
      send(channel, 3);
      assertThat(primary.connections()).isEqualTo(2);

      pass(Duration.ofSeconds(31));
      send(channel, 3);
    }
    assertThat(backup.messages()).hasSize(6);
    assertThat(primary.messages()).hasSize(3);
  }

  private static void send(SmtpChannel channel, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Accepted.class);
    }
  }

  @Test
  void onlyOneCallerFindsOutWhetherAServerIsBack() throws IOException {
    primary.on(Step.GREETING, "421 4.3.2 down");
    SmtpSettings settings = new SmtpSettings(builder);
    try (SmtpTransport transport =
        new SmtpTransport(settings, nanos::get, Duration.ofSeconds(20))) {
      SmtpServer server = transport.servers().get(0);
      EnvelopeAddress ada = EnvelopeAddress.of("ada@example.com");
      server.send(new SmtpMail(ada, java.util.List.of(ada), "id", false, new byte[] {'x'}));
      assertThat(server.isWorthTrying()).isFalse();

      pass(Duration.ofSeconds(31));

      assertThat(server.isWorthTrying()).isTrue();
      assertThat(server.isWorthTrying()).isFalse();
    }
  }

  @Test
  void whenAllAreDownEveryOneIsTriedAgain() throws IOException {
    primary.on(Step.GREETING, "421 4.3.2 down");
    backup.on(Step.GREETING, "421 4.3.2 down", "220 up");
    try (SmtpChannel channel = channel()) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Transient.class);
      send(channel, 1);
    }
    assertThat(backup.messages()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "421 4.3.2 down,    554 5.3.2 blocked, transient",
    "554 5.3.2 blocked, 421 4.3.2 down,    transient",
    "554 5.3.2 blocked, 554 5.3.2 blocked, configuration",
  })
  void ofManyFailuresThatCountsWhichMayPass(String first, String second, String expected)
      throws IOException {
    primary.on(Step.GREETING, first);
    backup.on(Step.GREETING, second);

    assertThat(kindOf(sendOnce())).isEqualTo(expected);
  }

  @Test
  void aServerIsNamedOnce() {
    assertThatThrownBy(() -> builder.failover("127.0.0.1", backup.port()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("was already added");
  }

  @Test
  void verificationSpeaksOfEveryServer() {
    primary.close();
    try (SmtpChannel channel = channel()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.WORKS);
      assertThat(channel.verify().detail())
          .contains("localhost:" + primary.port() + ": nothing listens on this port")
          .endsWith("; also 127.0.0.1:" + backup.port() + " answers");
    }
    backup.on(Step.GREETING, "554 5.3.2 blocked");
    try (SmtpChannel channel = channel()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.REFUSED);
    }
  }
}
