package dev.notifier.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.notifier.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path dir;

  private final Settings settings = new Settings();

  @Test
  void onlyOwnPropertiesAreTakenAndWrittenInOneWay() {
    Properties properties = new Properties();
    properties.setProperty("notifier.email.connect-timeout", "5s");
    properties.setProperty("NOTIFIER_SMS_TOKEN", "t");
    properties.setProperty("notifiers.email.host", "somebody else's");
    properties.setProperty("spring.mail.host", "somebody else's");
    properties.put("notifier.email.port", 25); // no string: not seen by Properties either
    settings.addProperties(properties);
    assertThat(settings.fromProperties())
        .containsOnly(entry("email.connect.timeout", "5s"), entry("sms.token", "t"));
    assertThat(settings.fromEnvironment()).isEmpty();
  }

  @Test
  void onlyOwnVariablesAreTaken() {
    settings.addEnvironment(
        Map.of("NOTIFIER_EMAIL_CONNECT_TIMEOUT", "5s", "PATH", "/bin", "NOTIFIERX", "y"));
    assertThat(settings.fromEnvironment()).containsOnly(entry("email.connect.timeout", "5s"));
    assertThat(settings.fromProperties()).isEmpty();
  }

  @Test
  void whatComesLaterWins() {
    Properties properties = new Properties();
    properties.setProperty("notifier.email.host", "one");
    settings.addProperties(properties);
    properties.setProperty("notifier.email.host", "two");
    settings.addProperties(properties);
    assertThat(settings.fromProperties()).containsOnly(entry("email.host", "two"));
  }

  @Test
  void theDefaultsOfPropertiesCount() {
    Properties defaults = new Properties();
    defaults.setProperty("notifier.email.host", "default");
    settings.addProperties(new Properties(defaults));
    assertThat(settings.fromProperties()).containsOnly(entry("email.host", "default"));
  }

  @Test
  void aFileIsReadAsUtf8() throws IOException {
    settings.addFile(
        Files.writeString(dir.resolve("a.properties"), "notifier.email.from=Süß <a@b.c>\n"));
    assertThat(settings.fromProperties()).containsOnly(entry("email.from", "Süß <a@b.c>"));
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    Path latin1 =
        Files.write(
            dir.resolve("latin1.properties"),
            "notifier.email.from=Süß".getBytes(StandardCharsets.ISO_8859_1));
    Path malformed = Files.writeString(dir.resolve("bad.properties"), "notifier.email.from=\\u00");
    for (Path file : new Path[] {latin1, malformed, dir.resolve("missing.properties"), dir}) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> settings.addFile(file))
          .withMessageStartingWith("properties file " + file + " cannot be read: ")
          .withCauseInstanceOf(Exception.class)
          .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
    assertThat(settings.fromProperties()).isEmpty();
  }
}
