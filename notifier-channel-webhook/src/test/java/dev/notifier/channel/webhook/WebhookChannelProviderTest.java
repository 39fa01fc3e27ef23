package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelPolicy;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryResult;
import dev.notifier.Priority;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookChannelProviderTest {
  private static final String SECRET = WebhookVerifierTest.SECRET;

  private static Channel create(Map<String, String> values) {
    ProviderSettings settings = ProviderSettings.of("notifier.webhook.", values);
    Channel channel = new WebhookChannelProvider().create(settings);
    settings.checkAllRead();
    return channel;
  }

  @Test
  void theProviderIsFoundOnTheClassPathAndInTheModuleAlike() throws Exception {
    ModuleDescriptor module;
    try (InputStream in = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
      module = ModuleDescriptor.read(in);
    }
    List<String> onClassPath =
        ServiceLoader.load(ChannelProvider.class).stream()
            .map(provider -> provider.type().getName())
            .filter(name -> name.startsWith("dev.notifier.channel.webhook."))
            .toList();

    assertThat(onClassPath).containsExactly(WebhookChannelProvider.class.getName());
    assertThat(module.provides())
        .singleElement()
        .satisfies(
            provides -> {
              assertThat(provides.service()).isEqualTo(ChannelProvider.class.getName());
              assertThat(provides.providers()).isEqualTo(onClassPath);
            });
    assertThat(new WebhookChannelProvider().id()).isEqualTo("webhook");
  }

  @Test
  void everySettingIsRead() {
    Map<String, String> values = new HashMap<>();
    values.put("secrets", SECRET + ", " + WebhookVerifierTest.PRIVATE_KEY);
    values.put("plain-hmac-header", "X-Hub-Signature-256");
    values.put("plain-hmac-secret", "secret");
    values.put("event-type", "shop.message");
    values.put("headers", "X-Tenant: 7\nAuthorization: Bearer abc\n");
    values.put("allow-http", "localhost 127.0.0.1");
    values.put("allow-hosts", "hooks.internal");
    values.put("allow-networks", "10.1.0.0/16, fd00::/8");
    values.put("proxy", "proxy.internal:3128");
    values.put("timeout", "15s");
    values.put("calls-per-host", "4");
    values.put("standard-retries", "true");
    values.put("disable-after-failures", "10");
    values.put("disable-after", "3d");
    try (Channel channel = create(values)) {
      ChannelPolicy policy = channel.policy(ChannelPolicy.defaults());
      assertThat(policy.retry(Priority.NORMAL).delays()).hasSize(9);
      assertThat(channel).hasToString("PostingChannel[4 calls per host]");
    }
  }

  @Test
  void settingsReachTheChannel() throws Exception {
    try (Channel channel = create(Map.of("unsigned", "true", "allow-networks", "10.0.0.0/8"))) {
      DeliveryResult refused = channel.send(Attempts.to("https://127.0.0.1/"));
      assertThat(refused.reason()).contains("is in 127.0.0.0/8 (loopback)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event-type | x | set either notifier.webhook.secrets, to sign with, or"
            + " notifier.webhook.unsigned=true",
        "secrets | whsec_c2hvcnQ= | setting notifier.webhook.secrets: a signing secret must have",
        "plain-hmac-header | X-Sig | set both notifier.webhook.plain-hmac-header and"
      })
  void whatIsMissingOrUnusableIsNamed(String key, String value, String message) {
    Map<String, String> values = new HashMap<>(Map.of(key, value));
    if (key.startsWith("plain")) {
      values.put("unsigned", "true");
    }
    assertThatThrownBy(() -> create(values))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secrets | " + WebhookVerifierTest.SECRET + " | set either notifier.webhook.secrets",
        "event-type | a b | setting notifier.webhook.event-type: event type must be",
        "headers | nonsense | setting notifier.webhook.headers: a header must be written as",
        "headers | Host: a | setting notifier.webhook.headers: header Host is reserved",
        "allow-http | http://a | setting notifier.webhook.allow-http: host must be",
        "allow-networks | 10.0.0.0 | setting notifier.webhook.allow-networks: network must be",
        "proxy | nowhere | setting notifier.webhook.proxy: a proxy must be written as host:port",
        "proxy | nowhere:99999 | setting notifier.webhook.proxy: ",
        "timeout | 6m | setting notifier.webhook.timeout: timeout must be from 1 ms",
        "disable-after | 400d | setting notifier.webhook.disable-after: time must be",
        "calls-per-host | 0 | setting notifier.webhook.calls-per-host must be a whole number",
        "no-such-key | x | unknown setting notifier.webhook.no-such-key"
      })
  void aBadSettingIsNamedWithItsRule(String key, String value, String message) {
    Map<String, String> values = Map.of("unsigned", "true", key, value);
    assertThatThrownBy(() -> create(values))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith(message);
  }
}
