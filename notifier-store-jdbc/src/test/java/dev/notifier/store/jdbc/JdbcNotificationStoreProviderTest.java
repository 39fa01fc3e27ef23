package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.spi.NotificationStoreProvider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcNotificationStoreProviderTest {
  private static final String KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  /** Every key that the guide lists. */
  private static final Map<String, String> ALL =
      Map.ofEntries(
          Map.entry("url", "jdbc:h2:file:"),
          Map.entry("user", "notifier"),
          Map.entry("password", "letmein"),
          Map.entry("table-prefix", "app_"),
          Map.entry("schema", "migrate"),
          Map.entry("startup-wait", "1s"),
          Map.entry("history-age", "7d"),
          Map.entry("keep-content", "true"),
          Map.entry("lease", "30s"),
          Map.entry("horizon", "2m"),
          Map.entry("accept-timeout", "20s"),
          Map.entry("idempotency-window", "48h"),
          Map.entry("node-name", "blue-1"),
          Map.entry("encryption.keys", "1:" + KEY),
          Map.entry("encryption.lookup-key", KEY));

  @TempDir Path directory;

  private NotifierBuilder builder(Map<String, String> values) {
    Properties properties = new Properties();
    values.forEach((key, value) -> properties.setProperty("notifier.store.jdbc." + key, value));
    return Notifier.builder()
        .properties(properties)
        .channel("pager", attempt -> DeliveryResult.accepted());
  }

  private Map<String, String> withFile(Map<String, String> values) {
    Map<String, String> all = new HashMap<>(values);
    all.put("url", "jdbc:h2:file:" + directory.resolve("notifier").toAbsolutePath());
    return all;
  }

  @Test
  void theNotifierFindsTheStoreByItsSettings() throws Exception {
    NotificationId id;
    try (Notifier notifier = builder(withFile(ALL)).build()) {
      Receipt receipt = notifier.send(Notification.to("pager:42").text("hello").build());
      assertThat(receipt.await(Duration.ofSeconds(30)).map(Outcome::status))
          .contains(DeliveryStatus.SENT);
      id = receipt.id();
    }

    try (Notifier restarted = builder(withFile(ALL)).build()) {
      assertThat(restarted.find(id)).isPresent();
    }
  }

  @Test
  void everySettingIsInTheGuide() throws IOException {
    String guide = Files.readString(Path.of("../docs/DURABILITY.md"));

    assertThat(ALL.keySet()).allSatisfy(key -> assertThat(guide).contains("`" + key + "`"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          usr        | joe          | unknown setting notifier.store.jdbc.usr
          url        | jdbc:db2:x   | the URL of the database must start with
          url        | jdbc:mysql://localhost/x | no driver for jdbc:mysql://localhost/x: add
          lease      | 1s           | settings notifier.store.jdbc.*: lease must be from PT10S to PT10M
          encryption.keys | 1:abc   | notifier.store.jdbc.encryption.lookup-key is missing
          """)
  void aBadSettingIsNamedAndLeavesNothingOpen(String key, String value, String message)
      throws Exception {
    Map<String, String> values = withFile(Map.of("user", "notifier", "password", "s3cr3t-word"));
    Map<String, String> bad = new HashMap<>(values);
    bad.put(key, value);

    assertThatThrownBy(() -> builder(bad).build().close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("s3cr3t-word");
    builder(values).build().close(); // the file is not locked
  }

  @Test
  void aMissingUrlIsNamed() {
    assertThatThrownBy(() -> builder(Map.of("user", "joe")).build().close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("setting notifier.store.jdbc.url is missing")
        .hasMessageContaining("NOTIFIER_STORE_JDBC_URL");
  }

  @Test
  void theServiceFileAndTheModuleNameTheSameProvider() throws IOException {
    List<String> byFile =
        ServiceLoader.load(NotificationStoreProvider.class).stream()
            .map(provider -> provider.type().getName())
            .toList();
    try (InputStream file = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
      ModuleDescriptor module = ModuleDescriptor.read(file);

      assertThat(module.provides())
          .singleElement()
          .satisfies(
              provides -> {
                assertThat(provides.service()).isEqualTo(NotificationStoreProvider.class.getName());
                assertThat(provides.providers()).isEqualTo(byFile);
              });
    }
    assertThat(byFile).containsExactly(JdbcNotificationStoreProvider.class.getName());
  }
}
