package dev.notifier.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmailChannelProviderTest {
  private static final String PEM = DkimSignerTest.ed25519Pem();

  private static ProviderSettings settings(String... keysAndValues) {
    Map<String, String> values =
        new HashMap<>(Map.of("host", "smtp.example.com", "from", "Shop <a@example.com>"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    values.values().removeIf(String::isEmpty);
    return ProviderSettings.of("notifier.email.", values);
  }

  private static String created(ProviderSettings settings) {
    try (Channel channel = new EmailChannelProvider().create(settings)) {
      settings.checkAllRead();
      return channel.toString();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "starttls, 587",
    "tls, 465",
    "plaintext, 25",
    "plaintext-with-credentials, 25",
  })
  void thePortFollowsTheSecurity(String security, int port) {
    assertThat(created(settings("security", security)))
        .isEqualTo("SmtpChannel[email by smtp.example.com:" + port + "]");
  }

  @Test
  void everyKeyIsKnown() {
    assertThat(
            created(
                settings(
                    "port",
                    "2525",
                    "user",
                    "u",
                    "password",
                    "p",
                    "reply-to",
                    "b@example.com",
                    "bounce-to",
                    "bounces@example.com",
                    "charset",
                    "ISO-8859-1",
                    "dkim-domain",
                    "example.com",
                    "dkim-selector",
                    "s1",
                    "dkim-key",
                    PEM,
                    "local-host",
                    "shop.example.com",
                    "connect-timeout",
                    "1s",
                    "read-timeout",
                    "2s",
                    "write-timeout",
                    "3s",
                    "acceptance-timeout",
                    "4m",
                    "failover",
                    "backup.example.com, [2001:db8::1]:26",
                    "connections",
                    "4",
                    "messages-per-connection",
                    "50",
                    "connection-age",
                    "1m",
                    "idle-timeout",
                    "10s",
                    "check-after-idle",
                    "2s",
                    "retry-server-after",
                    "20s")))
        .isEqualTo(
            "SmtpChannel[email by smtp.example.com:2525, backup.example.com:2525,"
                + " [2001:db8::1]:26]");
  }

  @Test
  void aTokenFileLogsIn(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "t");

    assertThat(created(settings("user", "u", "token-file", file.toString()))).contains("smtp");
    assertThatThrownBy(
            () -> created(settings("user", "u", "password", "p", "token-file", file.toString())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("exclude each other");
  }

  @ParameterizedTest
  @CsvSource({
    "host,            '',            setting notifier.email.host is missing",
    "from,            '',            setting notifier.email.from is missing",
    "from,            nobody,        from must be an address or Name <address>",
    "security,        none,          setting notifier.email.security must be one of",
    "port,            0,             setting notifier.email.port must be",
    "user,            u,             setting notifier.email.password is missing",
    "password,        S3cret,        setting notifier.email.user is missing",
    "host,            two words,     host must be",
    "failover,        'a,,b',        host must be",
    "failover,        a:99999,       port must be from 1 to 65535",
    "failover,        a:b,           port must be from 1 to 65535",
    "failover,        smtp.example.com, server smtp.example.com:587 was already added",
    "trust-store,     no-such-file,  trust store no-such-file is no PEM",
    "trust-store-password, S3cret,   setting notifier.email.trust-store is missing",
    "connections,     0,             setting notifier.email.connections must be",
    "idle-timeout,    2h,            idleTimeout must be from 1 ms to PT1H",
    "connect-timeout, 2h,            connectTimeout must be from 1 ms to PT1H",
  })
  void aBadSettingIsNamed(String key, String value, String message) {
    assertThatThrownBy(() -> created(settings(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("notifier.email.")
        .hasMessageNotContaining("S3cret");
  }

  @Test
  void aPasswordInPlaintextMustBeInsistedOn() {
    assertThatThrownBy(
            () -> created(settings("security", "plaintext", "user", "u", "password", "S3cret")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageNotContaining("S3cret");
  }

  // --- Providers --------------------------------------------------------------------------------

  private static ProviderSettings allProviders(String... keysAndValues) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "provider",
                "SES, sendgrid,smtp",
                "host",
                "smtp.example.com",
                "from",
                "a@example.com",
                "sendgrid-api-key",
                "SG.S3cret",
                "ses-region",
                "eu-west-1",
                "ses-access-key-id",
                "AKIDEXAMPLE",
                "ses-secret-access-key",
                "S3cret"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    values.values().removeIf(String::isEmpty);
    return ProviderSettings.of("notifier.email.", values);
  }

  @Test
  void severalProvidersStandInTheOrderOfTheSetting() {
    assertThat(created(allProviders()))
        .isEqualTo(
            "SES[email], else SendGrid[email], else"
                + " SmtpChannel[email by smtp.example.com:587]");
    assertThat(created(allProviders("strategy", "round-robin"))).contains(", in turn with ");
  }

  @Test
  void oneProviderIsAChannelOfItsOwn() {
    assertThat(created(settings("provider", "sendgrid", "host", "", "sendgrid-api-key", "SG.key")))
        .isEqualTo("SendGrid[email]");
  }

  @Test
  void everyKeyOfTheProvidersIsKnown() {
    String key = new FakeEvents().publicKey();

    assertThat(
            created(
                allProviders(
                    "reply-to",
                    "b@example.com",
                    "connect-timeout",
                    "1s",
                    "read-timeout",
                    "2s",
                    "call-timeout",
                    "3s",
                    "sendgrid-event-key",
                    key,
                    "sendgrid-base-url",
                    "https://api.eu.sendgrid.com",
                    "ses-session-token",
                    "token",
                    "ses-configuration-set",
                    "shop",
                    "ses-event-topics",
                    FakeSns.TOPIC + ", " + FakeSns.TOPIC + "-2",
                    "ses-base-url",
                    "https://ses.example.com")))
        .startsWith("SES[email]");
  }

  @ParameterizedTest
  @CsvSource({
    "provider,              'ses, pigeon', 'notifier.email.provider must be smtp, sendgrid, ses'",
    "provider,              'smtp,',       'notifier.email.provider must be smtp, sendgrid, ses'",
    "strategy,              best,          notifier.email.strategy must be one of",
    "sendgrid-api-key,      '',            notifier.email.sendgrid-api-key is missing",
    "sendgrid-api-key,      S3cret key,    apiKey must be printable ASCII",
    "sendgrid-event-key,    key,           eventKey must be",
    "ses-region,            '',            notifier.email.ses-region is missing",
    "ses-region,            Ireland,       region must be",
    "ses-access-key-id,     '',            notifier.email.ses-access-key-id is missing",
    "ses-secret-access-key, '',            notifier.email.ses-secret-access-key is missing",
    "ses-event-topics,      mail-events,   an SNS topic must be named",
    "ses-base-url,          http://a.b,    baseUrl must be an https URL",
  })
  void aBadSettingOfAProviderIsNamed(String key, String value, String message) {
    assertThatThrownBy(() -> created(allProviders(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("S3cret");
  }

  @Test
  void aSettingOfAProviderThatIsNotInUseIsUnknown() {
    assertThatThrownBy(() -> created(settings("ses-region", "eu-west-1")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("unknown setting notifier.email.ses-region");
  }

  @Test
  void bothRegistrationsNameTheSameClass() throws IOException {
    String service = ChannelProvider.class.getName();
    List<String> inModule =
        descriptor().provides().stream()
            .filter(provides -> provides.service().equals(service))
            .flatMap(provides -> provides.providers().stream())
            .toList();
    List<String> onClassPath =
        new String(resource("META-INF/services/" + service).readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();

    assertThat(inModule).isEqualTo(onClassPath);
    assertThat(onClassPath).containsExactly(EmailChannelProvider.class.getName());
    assertThat(ServiceLoader.load(ChannelProvider.class))
        .extracting(ChannelProvider::id)
        .containsExactly("email");
  }

  private static ModuleDescriptor descriptor() throws IOException {
    String folder =
        EmailChannelProvider.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    try (InputStream in = new java.io.FileInputStream(folder + "module-info.class")) {
      return ModuleDescriptor.read(in);
    }
  }

  private static InputStream resource(String name) {
    InputStream found = EmailChannelProvider.class.getClassLoader().getResourceAsStream(name);
    return java.util.Objects.requireNonNull(found, name);
  }

  @ParameterizedTest
  @CsvSource({
    "dkim-domain,   example.com, set one of notifier.email.dkim-key and notifier.email.dkim-key-file",
    "dkim-key,      none,        setting notifier.email.dkim-domain is missing",
    "dkim-key-file, none.pem,    setting notifier.email.dkim-domain is missing",
    "charset,       UTF-16,      charset must be one that ASCII is a part of",
    "charset,       klingon,     charset must be one that Java knows",
    "bounce-to,     nobody,      bounceTo must be an address",
  })
  void badSettingsOfMessagesAreNamed(String key, String value, String message) {
    assertThatThrownBy(() -> created(settings(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aDkimKeyThatCannotBeReadIsRefusedWithoutShowingIt() {
    ProviderSettings settings =
        settings("dkim-domain", "example.com", "dkim-selector", "s1", "dkim-key", "s3cret");
    assertThatThrownBy(() -> created(settings))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the DKIM key cannot be used")
        .hasMessageNotContaining("s3cret");
  }
}
