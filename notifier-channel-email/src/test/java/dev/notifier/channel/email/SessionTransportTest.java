package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import dev.notifier.Notification;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import dev.notifier.spi.Channel;
import jakarta.mail.Session;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends through sessions of jakarta.mail, with Angus behind them. */
@Timeout(30)
class SessionTransportTest {
  private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
  private final AtomicLong nanos = new AtomicLong();

  @AfterEach
  void stopServer() {
    server.close();
  }

  private Session session(String... more) {
    Map<String, String> properties = new HashMap<>();
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    return TestSessions.of(server.port(), properties);
  }

  private SessionChannelBuilder builder(String... more) {
    return EmailChannel.session(session(more)).plaintext().from("Shop <no-reply@shop.example>");
  }

  private Channel channel() {
    MessageSettings settings = builder("mail.smtp.timeout", "1000").message();
    return new SmtpChannel(
        settings,
        InstantSource.system(),
        new SessionTransport(
            settings, session("mail.smtp.timeout", "1000"), SmtpSecurity.PLAINTEXT, nanos::get));
  }

  private static Notification.Builder withCopies() {
    return Notification.to("email:ada@example.com")
        .text("Hello")
        .options(EmailOptions.create().cc("bob@example.com").bcc("eve@example.com"));
  }

  private DeliveryResult result() throws Exception {
    try (Channel channel = channel()) {
      return channel.send(Attempts.toAda());
    }
  }

  // --- What is sent -----------------------------------------------------------------------------

  @Test
  void theServerGetsTheVeryBytesThatSmtpWouldSend() throws Exception {
    Notification.Builder message =
        Notification.to("email:ada@example.com")
            .subject("Grüße")
            .text(".\n..dots\nFrom here\nGrüße 🎉\n")
            .html("<p>Grüße</p>");
    try (Channel bySession = channel();
        Channel bySmtp =
            EmailChannel.smtp("127.0.0.1", server.port())
                .plaintext()
                .from("Shop <no-reply@shop.example>")
                .create()) {
      bySession.send(Attempts.of(message));
      bySmtp.send(Attempts.of(message));
    }

    assertThat(withoutDate(server.messages().get(0)))
        .contains("Message-ID: <" + Attempts.DELIVERY + "@shop.example>")
        .isEqualTo(withoutDate(server.messages().get(1)));
  }

  private static String withoutDate(String message) {
    return message.replaceFirst("(?m)^Date: .*\r\n", "");
  }

  @Test
  void copiesAreRecipientsAndBounceToIsTheEnvelopesSender() throws Exception {
    try (Channel channel =
        builder("mail.smtp.from", "others@shop.example").bounceTo("b@shop.example").create()) {
      channel.send(Attempts.of(withCopies()));
    }

    assertThat(server.commands())
        .contains(
            "MAIL FROM:<b@shop.example>",
            "RCPT TO:<ada@example.com>",
            "RCPT TO:<bob@example.com>",
            "RCPT TO:<eve@example.com>");
    assertThat(server.messages().get(0)).contains("Cc: bob@example.com").doesNotContain("eve@");
  }

  @Test
  void messagesAreSigned(@TempDir Path folder) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder()
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    Path key = Files.writeString(folder.resolve("key.pem"), pem);
    try (Channel channel = builder().dkim(DkimSigner.file("shop.example", "s1", key)).create()) {
      channel.send(Attempts.toAda());
    }

    assertThat(server.messages().get(0)).startsWith("DKIM-Signature: ");
  }

  // --- What answers mean ------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MAIL | 550 5.7.1 not from you | fault",
        "MAIL | 451 4.3.0 later | transient",
        "RCPT | 550 5.1.1 no such user | suppress",
        "RCPT | 550 5.7.1 blocked | permanent",
        "RCPT | 450 4.2.0 greylisted | transient",
        "RCPT | 552 5.2.2 mailbox full | transient",
        "DATA | 554 5.7.1 no | permanent",
        "DATA | 451 4.3.0 later | transient",
        "END_OF_DATA | 554 5.7.1 spam | permanent",
        "END_OF_DATA | 550 5.1.1 no such user | suppress",
        "END_OF_DATA | 452 4.3.1 disk full | transient",
        "END_OF_DATA | 250-half | ambiguous",
        "END_OF_DATA | <hang up> | ambiguous",
        "END_OF_DATA | <silence> | ambiguous",
        "MAIL | <hang up> | transient",
        "RCPT | <hang up> | transient",
        "RCPT | <silence> | transient",
        "DATA | <hang up> | transient",
        "GREETING | 554 5.7.1 blocked | fault",
        "GREETING | 421 4.3.2 busy | transient",
        "GREETING | <hang up> | transient",
        "EHLO | <hang up> | transient",
      })
  void answersMeanWhatTheyMeanBySmtp(Step step, String reply, String meaning) throws Exception {
    server.on(step, reply);

    assertThat(meaningOf(result())).isEqualTo(meaning);
  }

  private static String meaningOf(DeliveryResult result) {
    if (result instanceof Permanent failure) {
      return failure.configurationFault()
          ? "fault"
          : failure.suppressRecipient() ? "suppress" : "permanent";
    }
    return result.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @Test
  void aWaitThatTheServerAsksForIsKept() throws Exception {
    server.on(Step.RCPT, "450 4.7.1 Greylisted, try again in 90 seconds");

    assertThat(result())
        .isInstanceOfSatisfying(
            Transient.class,
            later -> assertThat(later.retryAfter()).contains(Duration.ofSeconds(90)));
  }

  @Test
  void aServerThatIsNotThereIsTransient() throws Exception {
    server.close();

    assertThat(result()).isInstanceOf(Transient.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "535 5.7.8 <shop> s3cret-passw0rd is wrong | fault",
        "454 4.7.0 try later | transient",
        "<hang up> | transient",
        "<silence> | transient",
      })
  void aRefusedLoginIsAFaultAndALostOneIsNot(String reply, String meaning) throws Exception {
    server.offering("AUTH PLAIN").on(Step.AUTH, reply);
    Session session =
        TestSessions.loggingIn(
            server.port(), "s3cret-passw0rd", Map.of("mail.smtp.timeout", "1000"));
    try (Channel channel =
        EmailChannel.session(session).plaintextWithCredentials().from("a@shop.example").create()) {
      DeliveryResult result = channel.send(Attempts.toAda());

      assertThat(meaningOf(result)).isEqualTo(meaning);
      assertThat(result.reason()).doesNotContain("s3cret");
    }
  }

  @Test
  void anEncryptionThatIsDemandedAndNotOfferedIsAFault() throws Exception {
    try (Channel channel = builder("mail.smtp.starttls.required", "true").create()) {
      assertThat(meaningOf(channel.send(Attempts.toAda()))).isEqualTo("fault");
    }
    assertThat(server.commands()).noneMatch(command -> command.startsWith("MAIL"));
  }

  @Test
  void aLoginThatTheServerDoesNotOfferIsAFault() throws Exception {
    Session session =
        TestSessions.loggingIn(server.port(), "x", Map.of("mail.smtp.auth.mechanisms", "PLAIN"));
    server.offering("AUTH GSSAPI");
    try (Channel channel =
        EmailChannel.session(session).plaintextWithCredentials().from("a@shop.example").create()) {
      assertThat(meaningOf(channel.send(Attempts.toAda()))).isEqualTo("fault");
    }
  }

  @Test
  void refusedCopiesAreNamedInTheReasonAndTheMessageIsSent() throws Exception {
    server.on(
        Step.RCPT,
        command ->
            command.contains("bob")
                ? "550 5.1.1 no such user"
                : command.contains("eve") ? "450 4.2.0 later" : "250 2.1.5 ok");
    DeliveryResult result;
    try (Channel channel = builder("mail.smtp.sendpartial", "false").create()) {
      result = channel.send(Attempts.of(withCopies()));
    }

    assertThat(result).isInstanceOf(Accepted.class);
    assertThat(result.reason()).contains("(550 5.1.1)", "(450 4.2.0)").doesNotContain("bob@");
    assertThat(server.messages()).hasSize(1);
  }

  @Test
  void whenAllRecipientsAreRefusedTheDeliverysOwnIsTheResult() throws Exception {
    server.on(
        Step.RCPT,
        command -> command.contains("ada") ? "450 4.2.0 later" : "550 5.1.1 no such user");
    try (Channel channel = builder().create()) {
      assertThat(channel.send(Attempts.of(withCopies()))).isInstanceOf(Transient.class);
    }
    assertThat(server.messages()).isEmpty();
  }

  @Test
  void anAddressThatTheServerQuotesIsMasked() throws Exception {
    server.on(Step.RCPT, "550 5.7.1 <ada@example.com> does not want you");

    assertThat(result().reason()).contains("does not want you").doesNotContain("ada@example.com");
  }

  // --- Connections ------------------------------------------------------------------------------

  @Test
  void aConnectionIsKeptForTheNextMessageEvenAfterARefusedRecipient() throws Exception {
    server.on(Step.RCPT, "250 2.1.5 ok", "550 5.1.1 no such user", "250 2.1.5 ok");
    try (Channel channel = channel()) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Accepted.class);
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Permanent.class);
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Accepted.class);
    }

    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aKeptConnectionThatDiedIsReplacedWithinTheAttempt() throws Exception {
    try (Channel channel = channel()) {
      channel.send(Attempts.toAda());
      server.hangUp();
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Accepted.class);
    }

    assertThat(server.messages()).hasSize(2);
  }

  @Test
  void aLostAnswerOnAKeptConnectionIsNotSentAgain() throws Exception {
    server.on(Step.END_OF_DATA, "250 2.0.0 ok", ScriptedSmtpServer.HANG_UP);
    try (Channel channel = channel()) {
      channel.send(Attempts.toAda());
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Ambiguous.class);
    }

    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionThatWasIdleIsAskedFirst() throws Exception {
    try (Channel channel = channel()) {
      channel.send(Attempts.toAda());
      nanos.addAndGet(Duration.ofSeconds(6).toNanos());
      channel.send(Attempts.toAda());
    }

    assertThat(server.commands()).containsOnlyOnce("NOOP");
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aConnectionIsNotKeptForMoreThanFiveMinutes() throws Exception {
    try (Channel channel = channel()) {
      channel.send(Attempts.toAda());
      nanos.addAndGet(Duration.ofMinutes(6).toNanos());
      channel.send(Attempts.toAda());
    }

    assertThat(server.connections()).isEqualTo(2);
  }

  // --- The copy of the session ------------------------------------------------------------------

  private static Properties copied(Session session) throws Exception {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    try {
      return new MailSession(session, null, SmtpSecurity.STARTTLS, timer).session().getProperties();
    } finally {
      timer.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "ten"})
  void timeoutsAreFinite(String none) throws Exception {
    Properties copy = copied(session("mail.smtp.timeout", none));

    assertThat(copy.getProperty("mail.smtp.timeout")).isEqualTo("300000");
    assertThat(copy.getProperty("mail.smtp.connectiontimeout")).isEqualTo("10000");
    assertThat(copy.getProperty("mail.smtp.writetimeout")).isEqualTo("60000");
  }

  @Test
  void theApplicationsTimeoutsCountAndItsSessionStaysAsItWas() throws Exception {
    Session original = session("mail.smtps.timeout", "1234", "mail.transport.protocol", "smtps");
    Properties before = (Properties) original.getProperties().clone();

    assertThat(copied(original).getProperty("mail.smtps.timeout")).isEqualTo("1234");
    assertThat(original.getProperties()).isEqualTo(before);
  }

  private static Map<String, String> properties(String text) {
    int equals = text.indexOf('=');
    return text.isEmpty()
        ? Map.of()
        : Map.of(text.substring(0, equals), text.substring(equals + 1));
  }

  private static SessionChannelBuilder unasked(Session session) {
    return EmailChannel.session(session).from("a@shop.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mail.smtp.starttls.enable=false",
        "mail.smtps.ssl.enable=true",
        "mail.smtp.socketFactory.class=javax.net.ssl.SSLSocketFactory"
      })
  void plaintextMustBeAskedForByName(String text) {
    Session session = TestSessions.of(server.port(), properties(text));

    assertThatThrownBy(() -> unasked(session).create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("starttls.required or ssl.enable")
        .hasMessageEndingWith("or ask for it by plaintext()");
    unasked(session).plaintext().create().close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "mail.smtp.starttls.enable=true"})
  void plaintextIsRefusedTogetherWithALoginUnlessInsistedOn(String text) {
    Session session = TestSessions.loggingIn(server.port(), "s3cret", properties(text));

    assertThatThrownBy(() -> unasked(session).plaintext().create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("would send the password")
        .hasMessageEndingWith("or insist by plaintextWithCredentials()")
        .hasMessageNotContaining("s3cret");
    unasked(session).plaintextWithCredentials().create().close();
  }

  @Test
  void aLoginThatIsSetByAnObjectIsALogin() {
    Session session = session();
    session.getProperties().put("mail.smtp.auth", true);

    assertThatThrownBy(() -> unasked(session).plaintext().create())
        .hasMessageContaining("would send the password");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mail.smtp.ssl.enable=true",
        "mail.smtp.starttls.required=true",
        "mail.smtp.starttls.enable=true",
        "mail.transport.protocol=smtps"
      })
  void aSessionThatEncryptsMayLogIn(String text) {
    unasked(TestSessions.loggingIn(server.port(), "s3cret", properties(text))).create().close();
  }

  @Test
  void encryptionThatIsEnabledIsRequired() throws Exception {
    Session session =
        TestSessions.loggingIn(
            server.offering("AUTH PLAIN").port(),
            "s3cret",
            Map.of("mail.smtp.starttls.enable", "true"));
    try (Channel channel = unasked(session).create()) {
      assertThat(meaningOf(channel.send(Attempts.toAda()))).isEqualTo("fault");
    }
    assertThat(server.commands()).noneMatch(command -> command.matches("(AUTH|MAIL).*"));
  }

  @ParameterizedTest
  @CsvSource({"dns:other.example, false", "'ip:127.0.0.1', true"})
  void theServersCertificateMustBeForItsName(String names, boolean good, @TempDir Path folder)
      throws Exception {
    SSLContext context = TestCertificates.forNames(folder, names).context();
    server.withStartTls(context);
    Session session = session("mail.smtp.starttls.enable", "true");
    session.getProperties().put("mail.smtp.ssl.socketFactory", context.getSocketFactory());
    try (Channel channel = unasked(session).create()) {
      assertThat(channel.send(Attempts.toAda()) instanceof Accepted).isEqualTo(good);
    }
    assertThat(server.messages()).hasSize(good ? 1 : 0);
  }

  @Test
  void onlyModernTlsIsSpokenUnlessTheSessionSaysOtherwise() throws Exception {
    assertThat(copied(session()).getProperty("mail.smtp.ssl.protocols"))
        .isEqualTo("TLSv1.3 TLSv1.2");
    assertThat(copied(session("mail.smtp.ssl.protocols", "TLSv1.3")))
        .containsEntry("mail.smtp.ssl.protocols", "TLSv1.3");
  }

  @Test
  void securityIsSaidOnce() {
    SessionChannelBuilder builder = unasked(session()).plaintext();

    assertThatThrownBy(builder::plaintextWithCredentials)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("security was already set to PLAINTEXT");
  }

  @Test
  void aSessionOfAnUnknownProtocolIsRefusedAtOnce() {
    assertThatThrownBy(() -> builder("mail.transport.protocol", "pigeon").create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("pigeon");
  }

  @Test
  void aSenderIsNeeded() {
    assertThatThrownBy(() -> EmailChannel.session(session()).plaintext().create())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("from(");
  }

  @Test
  void nothingOfTheSessionIsShown() {
    try (Channel channel = builder("mail.smtp.user", "shop", "mail.smtp.password", "s3").create()) {
      assertThat(builder() + " " + channel)
          .isEqualTo(
              "SessionChannelBuilder[email] SmtpChannel[email by session of smtp at 127.0.0.1:"
                  + server.port()
                  + "]");
    }
  }

  // --- With others ------------------------------------------------------------------------------

  @Test
  void itStandsInALineOfProviders() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    try (Channel channel =
        EmailChannel.failOver(
                EmailChannel.session(TestSessions.of(closed, Map.of()))
                    .plaintext()
                    .from("a@shop.example"),
                builder())
            .create()) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Accepted.class);
    }
  }

  @Test
  void anAddressBeyondAsciiGoesByTheProviderThatCanCarryIt() throws Exception {
    server.offering("SMTPUTF8", "8BITMIME");
    try (Channel channel =
        EmailChannel.failOver(
                builder(),
                EmailChannel.smtp("127.0.0.1", server.port()).plaintext().from("a@shop.example"))
            .create()) {
      assertThat(channel.send(Attempts.of(Notification.to("email:ädä@example.com").text("x"))))
          .isInstanceOf(Accepted.class);
    }
    assertThat(server.commands()).contains("RCPT TO:<ädä@example.com>");
  }

  @Test
  void verifyTellsWorkingFromRefusedFromUnreachable() throws Exception {
    try (Channel channel = builder().create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.WORKS);
      server.on(Step.GREETING, "554 5.7.1 you are blocked");
      Verification refused = channel.verify();
      assertThat(refused.verdict()).isEqualTo(Verdict.REFUSED);
      assertThat(refused.detail()).contains("127.0.0.1", "554");
      server.close();
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    }
    assertThat(server.messages()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Step.class,
      names = {"GREETING", "MAIL", "RCPT", "DATA", "END_OF_DATA"})
  void garbageIsNeverTakenForAnAnswer(Step step) throws Exception {
    server.on(step, "Grüße, 250 ok");

    assertThat(meaningOf(result())).isEqualTo(step == Step.END_OF_DATA ? "ambiguous" : "transient");
  }
}
