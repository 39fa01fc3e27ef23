package dev.notifier.channel.email;

import static dev.notifier.channel.email.ScriptedSmtpServer.FAST_AND_ENDLESS;
import static dev.notifier.channel.email.ScriptedSmtpServer.HANG_UP;
import static dev.notifier.channel.email.ScriptedSmtpServer.SILENCE;
import static dev.notifier.channel.email.ScriptedSmtpServer.SLOW_AND_ENDLESS;
import static dev.notifier.channel.email.SmtpReplyClassifierTest.kindOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Attachment;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Notification;
import dev.notifier.Verification.Verdict;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import dev.notifier.spi.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the channel makes of servers that are unwilling, silent, broken or honest. */
@Timeout(30)
class SmtpConversationTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir static Path folder;
  private static TestCertificates localhost;
  private static TestCertificates otherHost;

  private ScriptedSmtpServer server;

  @BeforeAll
  static void makeCertificates() {
    localhost = TestCertificates.forNames(folder, "dns:localhost,ip:127.0.0.1");
    otherHost = TestCertificates.forNames(folder, "dns:other.example");
  }

  @BeforeEach
  void start() {
    server = ScriptedSmtpServer.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SmtpChannelBuilder builder() {
    return EmailChannel.smtp("localhost", server.port())
        .from("Shop <no-reply@example.com>")
        .connectTimeout(Duration.ofSeconds(5))
        .readTimeout(SHORT)
        .writeTimeout(SHORT)
        .acceptanceTimeout(SHORT);
  }

  private SmtpChannelBuilder patient() {
    return builder().readTimeout(Duration.ofSeconds(10)).acceptanceTimeout(Duration.ofSeconds(10));
  }

  private static DeliveryResult send(SmtpChannelBuilder builder, DeliveryAttempt attempt) {
    try (Channel channel = builder.create()) {
      return channel.send(attempt);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static DeliveryResult send(SmtpChannelBuilder builder) {
    return send(builder, Attempts.toAda());
  }

  // --- Acceptance -------------------------------------------------------------------------------

  @Test
  void anAcceptedMessageHasOneRecipientAndAStableId() {
    DeliveryResult first = send(patient().plaintext());
    DeliveryResult second = send(patient().plaintext());

    String id = "0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b-0@example.com";
    assertThat(first).isEqualTo(new Accepted(Optional.of(id)));
    assertThat(second).isEqualTo(first);
    assertThat(server.commands().subList(0, 4)) // QUIT may come later: nobody waits for it
        .containsExactly(
            "EHLO [127.0.0.1]",
            "MAIL FROM:<no-reply@example.com>",
            "RCPT TO:<Ada@example.com>",
            "DATA");
    assertThat(server.messages())
        .hasSize(2)
        .allSatisfy(message -> assertThat(message).contains("Message-ID: <" + id + ">"));
  }

  @Test
  void dotsArriveAsTheyWereWritten() {
    send(
        patient().plaintext(),
        Attempts.of(Notification.to("email:ada@example.com").text(".\n..\n.\r\nQUIT\n")));

    assertThat(server.messages().get(0)).endsWith("\r\n\r\n.\r\n..\r\n.\r\nQUIT\r\n\r\n");
  }

  @Test
  void everyPositiveReplyToTheMessageIsAcceptance() {
    server.on(Step.END_OF_DATA, "252 2.0.0 taken");

    assertThat(send(patient().plaintext())).isInstanceOf(Accepted.class);
  }

  @Test
  void anAcceptedMessageStaysAcceptedWhenTheGoodbyeFails() {
    server.on(Step.QUIT, HANG_UP);

    assertThat(send(patient().plaintext())).isInstanceOf(Accepted.class);
  }

  @Test
  void aServerWithoutEhloIsGreetedWithHelo() {
    server.on(Step.EHLO, "502 5.5.1 what?");

    assertThat(send(patient().plaintext().localHost("shop.example.com")))
        .isInstanceOf(Accepted.class);
    assertThat(server.commands()).contains("HELO shop.example.com");
  }

  @Test
  void anAddressBeyondAsciiIsSentWhereTheServerTakesIt() {
    server.offering("SMTPUTF8");
    DeliveryAttempt attempt =
        Attempts.of(Notification.to("email:grüße@bücher.example").subject("ä").text("x"));

    assertThat(send(patient().plaintext(), attempt)).isInstanceOf(Accepted.class);
    assertThat(server.commands())
        .contains(
            "MAIL FROM:<no-reply@example.com> SMTPUTF8", "RCPT TO:<grüße@xn--bcher-kva.example>");
    assertThat(server.messages().get(0)).contains("\r\nTo: grüße@xn--bcher-kva.example\r\n");
  }

  @Test
  void anOrdinaryAddressDoesNotAskForSmtputf8() {
    server.offering("SMTPUTF8");
    send(
        patient().plaintext(),
        Attempts.of(Notification.to("email:ada@bücher.example").subject("ä").text("ä")));

    assertThat(server.commands())
        .contains("MAIL FROM:<no-reply@example.com>", "RCPT TO:<ada@xn--bcher-kva.example>");
  }

  @Test
  void anAddressBeyondAsciiIsNotSentWhereTheServerDoesNotTakeIt() {
    DeliveryResult result =
        send(
            patient().plaintext(),
            Attempts.of(Notification.to("email:grüße@example.com").text("x")));

    assertThat(kindOf(result)).isEqualTo("permanent");
    assertThat(result.reason())
        .isEqualTo(
            "the server does not offer SMTPUTF8, which an address beyond ASCII before the @ needs");
    assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  // --- Refusal ----------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "GREETING,    421 4.3.2 too busy,               transient",
    "GREETING,    554 5.3.2 no SMTP here,           configuration",
    "MAIL,        421 4.4.2 bye,                    transient",
    "MAIL,        451 Timeout waiting for data,     transient",
    "MAIL,        550 5.7.1 not your address,       configuration",
    "MAIL,        552 5.3.4 too large,              permanent",
    "RCPT,        421 4.7.0 slow down,              transient",
    "RCPT,        450 4.2.0 greylisted,             transient",
    "RCPT,        550 5.1.1 unknown,                suppress",
    "RCPT,        550 5.7.1 blocked,                permanent",
    "RCPT,        552 5.2.2 full,                   transient",
    "RCPT,        571 5.7.1 blocked,                permanent",
    "RCPT,        554 5.7.1 relay denied,           permanent",
    "DATA,        451 4.3.0 not now,                transient",
    "DATA,        554 5.5.1 no,                     permanent",
    "END_OF_DATA, 451 4.7.1 not now,                transient",
    "END_OF_DATA, 554 5.7.1 spam,                   permanent",
    "END_OF_DATA, 421 4.3.2 shutting down,          transient",
  })
  void aRefusalIsClassifiedByItsStageAndQuoted(Step step, String reply, String expected) {
    server.on(step, reply);

    DeliveryResult result = send(patient().plaintext());

    assertThat(kindOf(result)).isEqualTo(expected);
    assertThat(result.reason()).endsWith("was answered with " + reply);
    assertThat(server.messages()).isEmpty();
    assertThat(server.commands()).doesNotContain("RSET");
  }

  @Test
  void aReplyOfSeveralLinesIsReadWhole() {
    server.on(Step.RCPT, "550-5.1.1 The account\r\n550-5.1.1 does not exist\r\n550 5.1.1 here");

    DeliveryResult result = send(patient().plaintext());

    assertThat(kindOf(result)).isEqualTo("suppress");
    assertThat(result.reason())
        .isEqualTo(
            "RCPT TO was answered with 550 5.1.1 The account 5.1.1 does not exist 5.1.1 here");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"<Ada@example.com>: unknown", "ada@example.com unknown", "ADA@EXAMPLE.COM"})
  void theAddressIsMaskedHoweverTheServerQuotesIt(String words) {
    server.on(Step.RCPT, "550 5.1.1 " + words);

    assertThat(send(patient().plaintext()).reason())
        .contains("A***@example.com")
        .doesNotContainIgnoringCase("ada@");
  }

  @Test
  void theAsciiFormOfAnAddressIsMaskedToo() {
    server.on(Step.RCPT, "450 4.2.0 ada@xn--bcher-kva.example is busy");
    DeliveryAttempt attempt = Attempts.of(Notification.to("email:ada@bücher.example").text("x"));

    assertThat(send(patient().plaintext(), attempt))
        .isEqualTo(
            DeliveryResult.transientFailure(
                "RCPT TO was answered with 450 4.2.0 a***@bücher.example is busy"));
  }

  @ParameterizedTest
  @CsvSource({
    "EHLO, 421 4.3.2 too busy, transient",
    "EHLO, 550 5.7.1 go away,  configuration",
  })
  void aRefusedEhloIsNotFollowedByHeloWhereExtensionsAreNeeded(
      Step step, String reply, String expected) {
    server.on(step, reply);

    assertThat(kindOf(send(patient().sslContext(localhost.context())))).isEqualTo(expected);
    assertThat(server.commands()).noneMatch(command -> command.startsWith("HELO"));
  }

  // --- Silence and broken connections -----------------------------------------------------------

  @ParameterizedTest
  @CsvSource({"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
  void silenceBeforeTheFinalDotIsTransient(Step step) {
    server.on(step, SILENCE);

    DeliveryResult result = send(builder().plaintext());

    assertThat(result).isInstanceOf(Transient.class);
    assertThat(result.reason()).contains("SocketTimeoutException");
  }

  @ParameterizedTest
  @CsvSource({"GREETING", "EHLO", "MAIL", "RCPT", "DATA"})
  void aConnectionThatEndsBeforeTheFinalDotIsTransient(Step step) {
    server.on(step, HANG_UP);

    assertThat(send(patient().plaintext())).isInstanceOf(Transient.class);
  }

  @Test
  void silenceAfterTheFinalDotIsAmbiguous() {
    server.on(Step.END_OF_DATA, SILENCE);

    DeliveryResult result = send(patient().acceptanceTimeout(SHORT).plaintext());

    assertThat(result).isInstanceOf(Ambiguous.class);
    assertThat(result.reason()).startsWith("the end of the message failed: SocketTimeoutException");
  }

  @ParameterizedTest
  @ValueSource(strings = {HANG_UP, "what?", "354 still waiting"})
  void noProperAnswerToTheFinalDotIsAmbiguous(String reply) {
    server.on(Step.END_OF_DATA, reply);

    assertThat(send(patient().plaintext())).isInstanceOf(Ambiguous.class);
  }

  @Test
  void theAnswerToTheMessageIsWaitedForLongerThanOthers() {
    CountDownLatch never = new CountDownLatch(1);
    server.on(
        Step.END_OF_DATA,
        message -> {
          try {
            return never.await(2_500, TimeUnit.MILLISECONDS) ? HANG_UP : "250 2.0.0 at last";
          } catch (InterruptedException e) {
            return HANG_UP;
          }
        });

    assertThat(send(patient().readTimeout(Duration.ofSeconds(2)).plaintext()))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void aServerThatNeverFinishesItsReplyIsLeftInTheEnd() throws IOException {
    server.on(Step.MAIL, SLOW_AND_ENDLESS);

    try (SmtpChannel channel =
        new SmtpChannel(
            new SmtpSettings(patient().plaintext()),
            InstantSource.system(),
            System::nanoTime,
            SHORT)) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Transient.class);
    }
  }

  @Test
  void aReplyWithoutEndDoesNotFillTheMemory() {
    server.on(Step.MAIL, FAST_AND_ENDLESS);

    DeliveryResult result = send(patient().plaintext());

    assertThat(result).isInstanceOf(Transient.class);
    assertThat(result.reason()).contains("the server said more than 65536 octets");
  }

  @Test
  void aServerThatReadsNothingIsLeftAfterTheWriteTimeout() {
    CountDownLatch done = new CountDownLatch(1);
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread greeter = new Thread(() -> greetAndStopReading(deaf, done));
      greeter.start();
      DeliveryAttempt big =
          Attempts.of(
              Notification.to("email:ada@example.com")
                  .text("x")
                  .attach(
                      Attachment.of("a", "application/octet-stream", new byte[9 * 1024 * 1024])));

      DeliveryResult result =
          send(
              EmailChannel.smtp("localhost", deaf.getLocalPort())
                  .from("a@example.com")
                  .writeTimeout(SHORT)
                  .plaintext(),
              big);

      assertThat(result).isInstanceOf(Transient.class);
      assertThat(result.reason()).startsWith("writing the message failed");
      done.countDown();
      greeter.join(5_000);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void greetAndStopReading(ServerSocket server, CountDownLatch done) {
    try (var connection = server.accept()) {
      var out = connection.getOutputStream();
      var in = connection.getInputStream();
      byte[] buffer = new byte[512];
      for (String reply : new String[] {"220 hi", "250 hi", "250 ok", "250 ok", "354 go"}) {
        out.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
        if (!reply.startsWith("354") && in.read(buffer) < 0) {
          return;
        }
      }
      done.await(20, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClosedPortIsTransient() {
    server.close();

    DeliveryResult result = send(patient().plaintext());

    assertThat(result).isInstanceOf(Transient.class);
    assertThat(result.reason()).startsWith("connecting failed: ConnectException");
  }

  @Test
  void anUnknownHostIsTransient() {
    DeliveryResult result =
        send(EmailChannel.smtp("no-such-host.invalid", 25).from("a@example.com").plaintext());

    assertThat(result).isInstanceOf(Transient.class);
    assertThat(result.reason()).contains("UnknownHostException");
  }

  @ParameterizedTest
  @CsvSource({"MAIL, transient", "END_OF_DATA, ambiguous"})
  void anInterruptEndsTheWait(Step step, String expected) throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    server.on(
        step,
        command -> {
          reached.countDown();
          return SILENCE;
        });
    AtomicReference<DeliveryResult> result = new AtomicReference<>();
    Thread worker = new Thread(() -> result.set(send(patient().plaintext())));
    worker.start();
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();

    worker.interrupt();
    worker.join(5_000);

    assertThat(worker.isAlive()).isFalse();
    assertThat(kindOf(result.get())).isEqualTo(expected);
  }

  // --- Security ---------------------------------------------------------------------------------

  @Test
  void startTlsProtectsCredentialsAndMessage() {
    server.withStartTls(localhost.context()).offering("AUTH PLAIN LOGIN");

    DeliveryResult result =
        send(patient().credentials("user", "pässword").sslContext(localhost.context()));

    assertThat(result).isInstanceOf(Accepted.class);
    assertThat(server.commands().subList(0, 4))
        .containsExactly(
            "EHLO [127.0.0.1]",
            "STARTTLS",
            "EHLO [127.0.0.1]",
            "AUTH PLAIN dXNlcgB1c2VyAHDDpHNzd29yZA=="); // user NUL user NUL pässword
  }

  @Test
  void implicitTlsProtectsEverything() {
    server.withImplicitTls(localhost.context());

    assertThat(send(patient().implicitTls().sslContext(localhost.context())))
        .isInstanceOf(Accepted.class);
    assertThat(server.commands()).doesNotContain("STARTTLS");
  }

  @Test
  void withoutStartTlsNothingIsSaid() {
    server.offering("AUTH PLAIN LOGIN");

    DeliveryResult result = send(patient().credentials("user", "password"));

    assertThat(kindOf(result)).isEqualTo("configuration");
    assertThat(result.reason()).startsWith("the server does not offer STARTTLS");
    assertThat(server.commands())
        .filteredOn(command -> !command.equals("QUIT"))
        .containsExactly("EHLO [127.0.0.1]");
  }

  @ParameterizedTest
  @CsvSource({"454 4.7.0 not now, transient", "501 5.5.4 no, configuration"})
  void aRefusedStartTlsIsNotIgnored(String reply, String expected) {
    server.withStartTls(localhost.context()).on(Step.STARTTLS, reply);

    assertThat(kindOf(send(patient().sslContext(localhost.context())))).isEqualTo(expected);
    assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @Test
  void aConnectionThatEndsInTheHandshakeIsTransient() {
    server.withStartTls(localhost.context()).on(Step.STARTTLS, HANG_UP);

    assertThat(kindOf(send(patient().sslContext(localhost.context())))).isEqualTo("transient");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCertificateThatNobodySignedIsAConfigurationFault(boolean implicit) {
    SmtpChannelBuilder builder = implicit ? patient().implicitTls() : patient();
    serveTls(localhost, implicit);

    DeliveryResult result = send(builder);

    assertThat(kindOf(result)).isEqualTo("configuration");
    assertThat(server.messages()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCertificateOfAnotherHostIsAConfigurationFault(boolean implicit) {
    SmtpChannelBuilder builder = implicit ? patient().implicitTls() : patient();
    serveTls(otherHost, implicit);

    DeliveryResult result = send(builder.sslContext(otherHost.context()));

    assertThat(kindOf(result)).isEqualTo("configuration");
    assertThat(result.reason()).contains("localhost");
  }

  private void serveTls(TestCertificates certificates, boolean implicit) {
    if (implicit) {
      server.withImplicitTls(certificates.context());
    } else {
      server.withStartTls(certificates.context());
    }
  }

  @Test
  void anAddressInsteadOfANameIsCheckedAgainstTheCertificate() {
    server.withStartTls(localhost.context());

    DeliveryResult result =
        send(
            EmailChannel.smtp("127.0.0.1", server.port())
                .from("a@example.com")
                .sslContext(localhost.context()));

    assertThat(result).isInstanceOf(Accepted.class);
  }

  @Test
  void aPlaintextServerOnATlsPortIsAConfigurationFault() {
    DeliveryResult result = send(patient().implicitTls().sslContext(localhost.context()));

    assertThat(kindOf(result)).isEqualTo("configuration");
  }

  // --- Login ------------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "535 5.7.8 bad credentials,  configuration",
    "454 4.7.0 temporary,        transient",
    "534 5.7.9 too weak,         configuration",
    "421 4.7.0 too many,         transient",
  })
  void aRefusedLoginIsClassifiedByItsCode(String reply, String expected) {
    server.offering("AUTH PLAIN LOGIN").on(Step.AUTH, reply);

    DeliveryResult result =
        send(patient().plaintextWithCredentials().credentials("user", "S3cret-word"));

    assertThat(kindOf(result)).isEqualTo(expected);
    assertThat(result.reason()).isEqualTo("AUTH was answered with " + reply.substring(0, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {SILENCE, HANG_UP})
  void aLostAnswerToTheLoginIsTransient(String reply) {
    server.offering("AUTH PLAIN LOGIN").on(Step.AUTH, reply);

    assertThat(send(builder().plaintextWithCredentials().credentials("user", "password")))
        .isInstanceOf(Transient.class);
  }

  @Test
  void credentialsThatNobodyAsksForAreAConfigurationFault() {
    DeliveryResult result =
        send(patient().plaintextWithCredentials().credentials("user", "password"));

    assertThat(result)
        .isEqualTo(
            DeliveryResult.configurationFault(
                "the server does not offer AUTH, but credentials are set"));
  }

  @Test
  void aLoginThatOnlyTheServerKnowsIsAConfigurationFault() {
    server.offering("AUTH GSSAPI");

    assertThat(kindOf(send(patient().plaintextWithCredentials().credentials("user", "password"))))
        .isEqualTo("configuration");
  }

  @Test
  void aMessageThatMustNotBeSentIsAPermanentFailure() {
    DeliveryAttempt attempt = Attempts.of(Notification.to("email:ada@straße.example").text("x"));

    assertThat(send(patient().plaintext(), attempt)).isInstanceOf(Permanent.class);
    assertThat(server.connections()).isZero();
  }

  // --- Verification -----------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "235 2.7.0 welcome,   WORKS",
    "535 5.7.8 bad,       REFUSED",
    "454 4.7.0 not now,   UNREACHABLE",
  })
  void verificationLogsInAndSendsNothing(String reply, Verdict expected) {
    server.offering("AUTH PLAIN").on(Step.AUTH, reply);

    try (Channel channel =
        patient().plaintextWithCredentials().credentials("user", "password").create()) {
      assertThat(channel.verify().verdict()).isEqualTo(expected);
    }
    assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @Test
  void verificationNeedsNoCredentials() {
    try (Channel channel = patient().plaintext().create()) {
      assertThat(channel.verify().detail()).isEqualTo("localhost:" + server.port() + " answers");
    }
  }

  @Test
  void noThreadIsLeftWhenTheChannelIsClosed() {
    send(patient().plaintext().id("email-of-this-test"));

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("notifier-email-of-this-test"))
        .allSatisfy(
            thread -> {
              thread.join(5_000);
              assertThat(thread.isAlive()).isFalse();
            });
  }
}
