package dev.notifier.channel.sms;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.notifier.ConfigurationException;
import dev.notifier.Notifier;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.io.IOException;
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

class SmsChannelProviderTest {
  private static final Map<String, String> TWILIO =
      Map.of(
          "provider",
          "twilio",
          "account-sid",
          FakeTwilio.ACCOUNT,
          "auth-token",
          FakeTwilio.TOKEN,
          "from",
          "+14155550111");

  private static final Map<String, String> BOTH =
      Map.ofEntries(
          Map.entry("provider", "Twilio, vonage"),
          Map.entry("strategy", "round-robin"),
          Map.entry("account-sid", FakeTwilio.ACCOUNT),
          Map.entry("auth-token", FakeTwilio.TOKEN),
          Map.entry("api-key-sid", "SK0123456789abcdef0123456789abcdef"),
          Map.entry("api-key-secret", "key-secret"),
          Map.entry("messaging-service-sid", "MG0123456789abcdef0123456789abcdef"),
          Map.entry("api-key", FakeVonage.KEY),
          Map.entry("api-secret", FakeVonage.SECRET),
          Map.entry("signature-method", "hmac-sha512"),
          Map.entry("signature-secret", FakeVonage.SIGNATURE_SECRET),
          Map.entry("default-region", "DE"),
          Map.entry("from", "030 123456"),
          Map.entry("vonage-from", "Shop"),
          Map.entry("status-callback", "https://shop.example/sms"),
          Map.entry("max-parts", "2"),
          Map.entry("too-long", "truncate"),
          Map.entry("smart-encoding", "true"),
          Map.entry("connect-timeout", "2s"),
          Map.entry("read-timeout", "10s"),
          Map.entry("call-timeout", "15s"));

  private static Channel create(Map<String, String> values) {
    ProviderSettings settings = ProviderSettings.of("notifier.sms.", values);
    Channel channel = new SmsChannelProvider().create(settings);
    settings.checkAllRead();
    return channel;
  }

  private static Map<String, String> with(Map<String, String> values, String... more) {
    Map<String, String> all = new HashMap<>(values);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void everySettingOfTheGuideIsUnderstood() throws Exception {
    WireMockServer server = new WireMockServer(options().dynamicPort());
    server.start();
    server.stubFor(any(anyUrl()).willReturn(serverError()));
    server.stubFor(
        any(anyUrl())
            .withRequestBody(containing("api_key"))
            .willReturn(okJson("{\"messages\":[{\"status\":\"0\",\"message-id\":\"1\"}]}")));
    try (Channel channel = create(with(BOTH, "base-url", server.baseUrl()))) {
      channel.send(Attempts.of("“" + "a".repeat(400) + "”")); // Twilio, whose answer is lost
      channel.send(Attempts.of("Hi"));
    }
    List<Map<String, List<String>>> forms =
        server.getAllServeEvents().stream()
            .map(event -> FormSchema.parse(event.getRequest().getBodyAsString()))
            .toList();
    server.stop();

    assertThat(forms).hasSize(2); // the newest first
    assertThat(forms.get(0))
        .containsEntry("from", List.of("Shop"))
        .containsEntry("callback", List.of("https://shop.example/sms"));
    assertThat(forms.get(1))
        .containsEntry("From", List.of("+4930123456"))
        .containsEntry("MessagingServiceSid", List.of("MG0123456789abcdef0123456789abcdef"))
        .containsEntry("Body", List.of("\"" + "a".repeat(302) + "..."));
  }

  @Test
  void everySettingIsInTheGuide() throws IOException {
    String guide = Files.readString(Path.of("../docs/SMS.md"));

    assertThat(BOTH.keySet()).allSatisfy(key -> assertThat(guide).contains("`" + key + "`"));
    assertThat(guide).contains("`base-url`");
  }

  @ParameterizedTest
  @CsvSource({
    "provider, nexmo, notifier.sms.provider must be twilio",
    "provider, 'twilio,', notifier.sms.provider must be twilio",
    "account-sid, AC12, account SID must be AC",
    "auth-token, ' padded', notifier.sms.auth-token holds a control character",
    "from, Twelve chars, a sender must be",
    "default-region, Germany, ISO 3166-1",
    "max-parts, 11, notifier.sms.max-parts must be a whole number from 1 to 10",
    "too-long, cut, notifier.sms.too-long must be one of",
    "smart-encoding, yes, true or false",
    "status-callback, shop, statusCallback must be",
    "base-url, http://example.com, baseUrl must be",
    "read-timeout, 2h, readTimeout must be",
    "strategy, both, notifier.sms.strategy must be one of",
    "twilio-form, Shop, unknown setting notifier.sms.twilio-form",
    "api-key-sid, SK12, notifier.sms.api-key-secret is missing",
  })
  void aBadSettingIsNamed(String key, String value, String message) {
    assertThatThrownBy(() -> create(with(TWILIO, key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining(FakeTwilio.TOKEN);
  }

  @ParameterizedTest
  @CsvSource({"provider", "account-sid", "auth-token"})
  void aMissingSettingIsNamed(String key) {
    Map<String, String> values = new HashMap<>(TWILIO);
    values.remove(key);

    assertThatThrownBy(() -> create(values))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notifier.sms." + key + " is missing");
  }

  @Test
  void aMissingSenderIsToldWithTheCallAndTheSetting() {
    Map<String, String> values = new HashMap<>(TWILIO);
    values.remove("from");

    assertThatThrownBy(() -> create(values))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("set from or messaging-service-sid");
  }

  @Test
  void theNotifierFindsTheProviderByItself() {
    Map<String, String> environment =
        Map.of(
            "NOTIFIER_SMS_PROVIDER",
            "vonage",
            "NOTIFIER_SMS_API_KEY",
            FakeVonage.KEY,
            "NOTIFIER_SMS_API_SECRET",
            FakeVonage.SECRET,
            "NOTIFIER_SMS_FROM",
            "Shop");

    try (Notifier notifier = Notifier.builder().environment(environment).build()) {
      assertThat(notifier.health().channels()).containsKey(SmsChannel.ID);
    }
  }

  @Test
  void theServiceFileAndTheModuleNameTheSameProvider() throws IOException {
    List<String> byFile =
        ServiceLoader.load(ChannelProvider.class).stream()
            .map(provider -> provider.type().getName())
            .toList();
    try (InputStream file = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
      ModuleDescriptor module = ModuleDescriptor.read(file);

      assertThat(module.provides())
          .singleElement()
          .satisfies(
              provides -> {
                assertThat(provides.service()).isEqualTo(ChannelProvider.class.getName());
                assertThat(provides.providers()).isEqualTo(byFile);
              });
    }
    assertThat(byFile).containsExactly(SmsChannelProvider.class.getName());
  }
}
