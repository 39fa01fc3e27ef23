package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.ProviderSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JdbcSettingsTest {
  private static final String PREFIX = "notifier.store.jdbc.";

  @TempDir Path directory;

  private static JdbcSettings from(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(Map.of("url", "jdbc:h2:mem:x"));
    all.putAll(values);
    ProviderSettings settings = ProviderSettings.of(PREFIX, all);
    JdbcSettings read = JdbcSettings.from(settings);
    settings.checkAllRead();
    return read;
  }

  @Test
  void theUrlAloneIsEnough() {
    JdbcSettings settings = from(Map.of());

    assertThat(settings.prefix().text()).isEqualTo("notifier_");
    assertThat(settings.schema()).isEqualTo(SchemaMode.MIGRATE);
    assertThat(settings.startupWait()).isZero();
    assertThat(settings.historyAge()).isEqualTo(Duration.ofDays(30));
    assertThat(settings.keepContent()).isTrue();
    assertThat(settings.lease()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.horizon()).isEqualTo(Duration.ofSeconds(60));
    assertThat(settings.acceptTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.nodeName()).endsWith("-" + ProcessHandle.current().pid());
  }

  @Test
  void everySettingCanBeGiven() {
    JdbcSettings settings =
        from(
            Map.ofEntries(
                Map.entry("user", "joe"),
                Map.entry("password", "s3cret"),
                Map.entry("table-prefix", "app_"),
                Map.entry("schema", "validate"),
                Map.entry("startup-wait", "2m"),
                Map.entry("history-age", "7d"),
                Map.entry("keep-content", "false"),
                Map.entry("lease", "30s"),
                Map.entry("horizon", "PT2M"),
                Map.entry("accept-timeout", "500ms"),
                Map.entry("node-name", "blue-1")));

    assertThat(settings.prefix().text()).isEqualTo("app_");
    assertThat(settings.schema()).isEqualTo(SchemaMode.VALIDATE);
    assertThat(settings.startupWait()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.historyAge()).isEqualTo(Duration.ofDays(7));
    assertThat(settings.keepContent()).isFalse();
    assertThat(settings.lease()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.horizon()).isEqualTo(Duration.ofMinutes(2));
    assertThat(settings.acceptTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.nodeName()).isEqualTo("blue-1");
    assertThat(settings.toString()).contains("blue-1", "jdbc:h2:mem:x").doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          table-prefix   | Bad-       | table prefix "Bad-" must be 1 to 30 lower-case letters
          schema         | create     | setting notifier.store.jdbc.schema must be one of [MIGRATE, VALIDATE, NONE]
          startup-wait   | soon       | setting notifier.store.jdbc.startup-wait must be a duration
          startup-wait   | 61m        | startup-wait must be from PT0S to PT1H, but was PT1H1M
          lease          | 1s         | lease must be from PT10S to PT10M, but was PT1S
          horizon        | 2h         | horizon must be from PT1S to PT1H, but was PT2H
          accept-timeout | 10ms       | accept-timeout must be from PT0.1S to PT5M, but was PT0.01S
          history-age    | 1s         | history-age must be from PT1M
          keep-content   | yes        | setting notifier.store.jdbc.keep-content must be true or false
          url            | jdbc:db2:x | the URL of the database must start with
          nodename       | a          | unknown setting notifier.store.jdbc.nodename
          """)
  void anUnusableSettingIsNamed(String key, String value, String message) {
    assertThatThrownBy(() -> from(Map.of(key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aUrlIsNeeded() {
    assertThatThrownBy(() -> from(Map.of("url", "")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("setting notifier.store.jdbc.url is missing");
  }

  @Test
  void aNodeNameIsOneShortLine() {
    for (String name : new String[] {" ", "a\nb", "n".repeat(201)}) {
      assertThatThrownBy(() -> JdbcSettings.on("jdbc:h2:mem:x", null, null).nodeName(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("node-name must be 1 to 200 printable characters");
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theModeSaysWhatHappensToTheTables(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      JdbcSettings.Builder settings = JdbcSettings.on(database.dataSource());

      assertThatThrownBy(() -> settings.schema(SchemaMode.VALIDATE).build().connect())
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("set notifier.store.jdbc.schema=migrate");
      try (ConnectionSource source = settings.schema(SchemaMode.NONE).build().connect()) {
        assertThat(source.kind()).isEqualTo(kind.kind());
        assertThat(JdbcSchema.of(source.dataSource()).status())
            .extracting("state")
            .containsOnly(SchemaVersion.State.PENDING);
      }
      settings.schema(SchemaMode.MIGRATE).build().connect().close();
      assertThatCode(() -> settings.schema(SchemaMode.VALIDATE).build().connect().close())
          .doesNotThrowAnyException();
    }
  }
}
