package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.Verification;
import dev.notifier.Verification.Verdict;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import dev.notifier.spi.Channel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operator is told of servers and certificates that do not work. */
@Timeout(30)
class SmtpVerificationTest {
  @TempDir static Path folder;
  private static TestCertificates localhost;
  private static TestCertificates otherHost;

  private final ScriptedSmtpServer server = ScriptedSmtpServer.start();

  @BeforeAll
  static void makeCertificates() {
    localhost = TestCertificates.forNames(folder, "dns:localhost");
    otherHost = TestCertificates.forNames(folder, "dns:other.example");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private SmtpChannelBuilder builder() {
    return EmailChannel.smtp("localhost", server.port())
        .from("a@example.com")
        .readTimeout(Duration.ofSeconds(10));
  }

  private static Verification verify(SmtpChannelBuilder builder) {
    try (Channel channel = builder.create()) {
      return channel.verify();
    }
  }

  private void assertSays(SmtpChannelBuilder builder, Verdict verdict, String words) {
    Verification found = verify(builder);

    assertThat(found.detail()).startsWith("localhost:" + server.port() + ": ").contains(words);
    assertThat(found.verdict()).isEqualTo(verdict);
  }

  // --- The network ------------------------------------------------------------------------------

  @Test
  void anUnknownHostIsNamed() {
    Verification found =
        verify(EmailChannel.smtp("no-such-host.invalid", 587).from("a@example.com"));

    assertThat(found.verdict()).isEqualTo(Verdict.UNREACHABLE);
    assertThat(found.detail())
        .startsWith("no-such-host.invalid:587: the DNS does not know this host");
  }

  @Test
  void aClosedPortIsNamed() {
    server.close();

    assertSays(builder(), Verdict.UNREACHABLE, "nothing listens on this port");
  }

  // --- Ports and their security -----------------------------------------------------------------

  @Test
  void aServerWithoutStartTlsIsNamed() {
    assertSays(builder(), Verdict.REFUSED, "the connection cannot be encrypted on this port");
  }

  @Test
  void aServerThatSpeaksTlsFromTheFirstByteIsGuessed() {
    server.on(Step.GREETING, ScriptedSmtpServer.SILENCE);

    assertSays(
        builder().readTimeout(Duration.ofMillis(300)),
        Verdict.UNREACHABLE,
        "perhaps it speaks TLS from the first byte");
  }

  @Test
  void aServerThatSpeaksNoTlsIsNamed() {
    assertSays(builder().implicitTls(), Verdict.REFUSED, "does not speak TLS 1.2 or 1.3 there");
  }

  // --- Certificates -----------------------------------------------------------------------------

  @Test
  void aCertificateOfNobodyIsNamed() {
    server.withStartTls(localhost.context());

    assertSays(builder(), Verdict.REFUSED, "nobody whom this application trusts has signed");
  }

  @Test
  void aCertificateForAnotherNameIsNamed() {
    server.withImplicitTls(otherHost.context());

    assertSays(
        builder().implicitTls().sslContext(otherHost.context()),
        Verdict.REFUSED,
        "the server's certificate is for another name");
  }

  static Stream<Arguments> certificates() {
    return Stream.of(
        Arguments.of(new CertificateExpiredException(), "has expired"),
        Arguments.of(new CertificateNotYetValidException(), "check the clock of this machine"),
        Arguments.of(new CertPathValidatorException(), "nobody whom this application trusts"));
  }

  @ParameterizedTest
  @MethodSource("certificates")
  void aBadCertificateIsExplained(Exception cause, String words) {
    SSLHandshakeException failure = new SSLHandshakeException("no");
    failure.initCause(new CertificateException("no", cause));

    assertThat(
            SmtpDiagnosis.of(new SmtpSettings(builder()), SmtpStage.TLS_HANDSHAKE, null, failure))
        .contains(words);
  }

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.of(new SocketTimeoutException(), "a firewall may drop the connection"),
        Arguments.of(new NoRouteToHostException(), "check the network"),
        Arguments.of(new ConnectException(), "nothing listens on this port"),
        Arguments.of(new IOException("?"), ""));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkThatFailsIsExplained(IOException failure, String words) {
    assertThat(SmtpDiagnosis.of(new SmtpSettings(builder()), SmtpStage.CONNECT, null, failure))
        .contains(words);
  }

  @Test
  void whatIsSaidBeforeTlsBeginsDoesNotCountAfterwards() {
    server.withStartTls(localhost.context()).on(Step.STARTTLS, "220 go\r\n250 SIZE 10");

    assertSays(
        builder().sslContext(localhost.context()),
        Verdict.UNREACHABLE,
        "the server said more than one reply before TLS began");
  }

  // --- Replies ----------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource({
    "GREETING, 554 5.7.1 go away,    REFUSED,     the server does not serve this client",
    "GREETING, 421 4.3.2 busy,       UNREACHABLE, the server is busy",
    "GREETING, SSH-2.0-OpenSSH_9.6,  UNREACHABLE, what answers there is no mail server",
    "EHLO,     550 5.7.1 who?,       REFUSED,     set localHost (local-host) to a name",
    "AUTH,     535 5.7.8 no,         REFUSED,     the user or the password is wrong",
    "AUTH,     534 5.7.9 app,        REFUSED,     make an app password",
    "AUTH,     454 4.7.0 later,      UNREACHABLE, try again later",
  })
  void aRefusalIsExplained(Step step, String reply, Verdict verdict, String words) {
    server.offering("AUTH PLAIN").on(step, reply);

    assertSays(
        builder().plaintextWithCredentials().credentials("login-name", "S3cret-word"),
        verdict,
        words);
  }

  @Test
  void aRefusedTokenIsExplained() {
    server.offering("AUTH XOAUTH2").on(Step.AUTH, "535 5.7.8 no");

    assertSays(
        builder().plaintextWithCredentials().oauth2("ada", () -> "t-1"),
        Verdict.REFUSED,
        "the user or the access token is wrong");
  }

  @Test
  void aLoginOfAnotherKindIsExplained() {
    server.offering("AUTH GSSAPI");

    assertSays(
        builder().plaintextWithCredentials().credentials("ada", "password"),
        Verdict.REFUSED,
        "the server does not take this kind of login here");
  }

  // --- Trust stores -----------------------------------------------------------------------------

  private static void assertTrusts(SmtpChannelBuilder builder, ScriptedSmtpServer server)
      throws IOException {
    server.withStartTls(localhost.context());
    try (SmtpChannel channel = (SmtpChannel) builder.create()) {
      assertThat(channel.send(Attempts.toAda())).isInstanceOf(Accepted.class);
    }
  }

  private static Path pem() throws Exception {
    KeyStore store =
        KeyStore.getInstance(
            localhost.keyStore().toFile(), TestCertificates.PASSWORD.toCharArray());
    String base64 =
        Base64.getMimeEncoder().encodeToString(store.getCertificate("test").getEncoded());
    return Files.writeString(
        folder.resolve("ca.pem"),
        "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
  }

  @Test
  void aPemFileSaysWhomToTrust() throws Exception {
    assertTrusts(builder().trustStore(pem()), server);
  }

  @Test
  void aKeyStoreSaysWhomToTrust() throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    KeyStore own =
        KeyStore.getInstance(
            localhost.keyStore().toFile(), TestCertificates.PASSWORD.toCharArray());
    trusted.setCertificateEntry("test", own.getCertificate("test"));
    Path file = folder.resolve("trust.p12");
    try (var out = Files.newOutputStream(file)) {
      trusted.store(out, "changeit".toCharArray());
    }

    assertTrusts(builder().trustStore(file, "changeit"), server);
  }

  @Test
  void aTrustStoreMustHoldSomething() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty"), "nothing");

    assertThatThrownBy(() -> builder().trustStore(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no PEM, PKCS #12 or JKS file");
    assertThatThrownBy(() -> builder().trustStore(folder.resolve("missing")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing");
    assertThatThrownBy(() -> builder().trustStore(localhost.keyStore(), "wr0ng-word"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("wr0ng-word");
    assertThatThrownBy(() -> builder().sslContext(localhost.context()).trustStore(pem()))
        .isInstanceOf(IllegalStateException.class);
  }
}
