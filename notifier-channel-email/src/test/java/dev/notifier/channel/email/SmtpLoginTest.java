package dev.notifier.channel.email;

import static dev.notifier.channel.email.SmtpReplyClassifierTest.kindOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.channel.email.ScriptedSmtpServer.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords and tokens, as servers ask for them. */
@Timeout(30)
class SmtpLoginTest {
  private final ScriptedSmtpServer server = ScriptedSmtpServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  private SmtpChannelBuilder builder() {
    return EmailChannel.smtp("localhost", server.port())
        .from("a@example.com")
        .plaintextWithCredentials();
  }

  private static DeliveryResult send(SmtpChannelBuilder builder) throws IOException {
    try (SmtpChannel channel = (SmtpChannel) builder.create()) {
      return channel.send(Attempts.toAda());
    }
  }

  /** Returns what was said between EHLO and MAIL, as it was before base64. */
  private List<String> login() {
    return server.commands().stream()
        .filter(said -> !said.matches("(EHLO|MAIL|RCPT|DATA|QUIT).*"))
        .map(said -> said.matches("AUTH \\w+ .*") ? said.split(" ", 3)[2] : said)
        .map(said -> said.startsWith("AUTH") || said.isEmpty() ? said : decoded(said))
        .toList();
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String xoauth2(String token) {
    return "user=ada\1auth=Bearer " + token + "\1\1";
  }

  // --- Passwords --------------------------------------------------------------------------------

  @Test
  void plainIsPreferred() throws IOException {
    server.offering("AUTH LOGIN PLAIN");

    assertThat(send(builder().credentials("ada", "pässword"))).isInstanceOf(Accepted.class);
    assertThat(login()).containsExactly("ada\0ada\0pässword");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AUTH LOGIN", "AUTH=LOGIN", "auth gssapi login"})
  void loginIsSpokenWhereThereIsNoPlain(String offer) throws IOException {
    server
        .offering(offer)
        .on(Step.AUTH, "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 2.7.0 welcome");

    assertThat(send(builder().credentials("ada", "pässword"))).isInstanceOf(Accepted.class);
    assertThat(login()).containsExactly("AUTH LOGIN", "ada", "pässword");
  }

  @Test
  void aMechanismThatTheServerForgotIsFollowedByTheNext() throws IOException {
    server
        .offering("AUTH PLAIN LOGIN")
        .on(Step.AUTH, "504 5.5.4 what?", "334 x", "334 x", "235 2.7.0 welcome");

    assertThat(send(builder().credentials("ada", "password"))).isInstanceOf(Accepted.class);
  }

  @Test
  void aRefusedPasswordIsNotTriedByAnotherMechanism() throws IOException {
    server.offering("AUTH PLAIN LOGIN").on(Step.AUTH, "535 5.7.8 no");

    assertThat(kindOf(send(builder().credentials("ada", "S3cret-word"))))
        .isEqualTo("configuration");
    assertThat(login()).hasSize(1);
  }

  // --- Tokens -----------------------------------------------------------------------------------

  /** Hands out one token after another. */
  private record Tokens(String current, String refreshed) implements AccessTokens {
    @Override
    public String refreshed(String refused) {
      assertThat(refused).isEqualTo(current);
      return refreshed;
    }
  }

  @Test
  void aTokenLogsIn() throws IOException {
    server.offering("AUTH PLAIN XOAUTH2");

    assertThat(send(builder().oauth2("ada", () -> "t-1"))).isInstanceOf(Accepted.class);
    assertThat(login()).containsExactly(xoauth2("t-1"));
  }

  @Test
  void aRefusedTokenIsRefreshedOnce() throws IOException {
    server
        .offering("AUTH XOAUTH2")
        .on(Step.AUTH, "334 eyJzdGF0dXMiOiI0MDEifQ==", "535 5.7.8 expired", "235 2.7.0 welcome");

    assertThat(send(builder().oauth2("ada", new Tokens("old", "new"))))
        .isInstanceOf(Accepted.class);
    assertThat(login()).containsExactly(xoauth2("old"), "", xoauth2("new"));
  }

  @Test
  void aTokenThatStaysTheSameIsNotTriedAgain() throws IOException {
    server.offering("AUTH XOAUTH2").on(Step.AUTH, "535 5.7.8 expired");

    DeliveryResult result = send(builder().oauth2("ada", () -> "S3cret-token"));

    assertThat(kindOf(result)).isEqualTo("configuration");
    assertThat(result.reason()).isEqualTo("AUTH was answered with 535 5.7.8");
    assertThat(login()).hasSize(1);
  }

  @Test
  void aSecondRefusalIsTheLast() throws IOException {
    server.offering("AUTH XOAUTH2").on(Step.AUTH, "535 5.7.8 expired");

    assertThat(kindOf(send(builder().oauth2("ada", new Tokens("old", "new")))))
        .isEqualTo("configuration");
    assertThat(login()).hasSize(2);
  }

  @Test
  void aTokenThatCannotBeHadIsATransientFailureThatShowsNothing() throws IOException {
    server.offering("AUTH XOAUTH2");
    AccessTokens broken =
        () -> {
          throw new IllegalStateException("S3cret-token");
        };

    DeliveryResult result = send(builder().oauth2("ada", broken));

    assertThat(kindOf(result)).isEqualTo("transient");
    assertThat(result.reason()).contains("IllegalStateException").doesNotContain("S3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "t\r\nMAIL FROM:<eve@example.com>", "tök\u0001n"})
  void aTokenIsOneWord(String token) throws IOException {
    server.offering("AUTH XOAUTH2");

    DeliveryResult result = send(builder().oauth2("ada", () -> token));

    assertThat(kindOf(result)).isEqualTo("transient");
    assertThat(login()).isEmpty();
  }

  @Test
  void aServerWithoutTokensIsAConfigurationFault() throws IOException {
    server.offering("AUTH PLAIN LOGIN");

    assertThat(send(builder().oauth2("ada", () -> "t-1")).reason())
        .isEqualTo("the server does not offer AUTH XOAUTH2, but credentials are set");
  }

  @Test
  void aTokenFileIsReadAtEachLogin(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "t-1\n");
    TokenFile tokens = new TokenFile(file);

    assertThat(tokens.current()).isEqualTo("t-1");
    Files.writeString(file, "t-2\n");
    assertThat(tokens.refreshed("t-1")).isEqualTo("t-2");
    Files.write(file, new byte[100_000]);
    assertThatThrownBy(tokens::current)
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith("is larger than 65536 bytes");
  }

  @Test
  void aTokenIsNotSentForAllToReadEither() {
    assertThatThrownBy(
            () -> EmailChannel.smtp("localhost", 25).plaintext().oauth2("ada", () -> "t-1"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder().credentials("a", "b").oauth2("ada", () -> "t-1"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> builder().oauth2("a\1b", () -> "t-1"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new SmtpCredentials.Token("login-name", () -> "t-1").toString())
        .doesNotContain("login-name");
  }
}
