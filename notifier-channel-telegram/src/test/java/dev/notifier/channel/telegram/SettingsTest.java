package dev.notifier.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelPolicy;
import dev.notifier.ConfigurationException;
import dev.notifier.Notifier;
import dev.notifier.RateLimit;
import dev.notifier.Verification.Verdict;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final TelegramChannelProvider PROVIDER = new TelegramChannelProvider();

  private static ProviderSettings settings(Map<String, String> values) {
    return ProviderSettings.of("notifier.telegram.", values);
  }

  private static Map<String, String> with(String key, String value) {
    Map<String, String> values = new HashMap<>(Map.of("token", BotServer.TOKEN));
    values.put(key, value);
    return values;
  }

  // --- Provider ---------------------------------------------------------------------------------

  @Test
  void everySettingIsRead() {
    try (BotServer server = new BotServer()) {
      Map<String, String> values =
          Map.ofEntries(
              Map.entry("token", BotServer.TOKEN),
              Map.entry("base-url", server.url()),
              Map.entry("parse-mode", "markdown-v2"),
              Map.entry("link-preview", "false"),
              Map.entry("max-parts", "3"),
              Map.entry("group-messages-per-minute", "10"),
              Map.entry("callback-secret", "abc"),
              Map.entry("connect-timeout", "1s"),
              Map.entry("read-timeout", "2s"),
              Map.entry("write-timeout", "3s"),
              Map.entry("call-timeout", "4s"));
      ProviderSettings settings = settings(values);
      try (Channel channel = PROVIDER.create(settings)) {
        settings.checkAllRead();
        channel.send(Attempts.text("*x*"));
      } catch (Exception e) {
        throw new AssertionError(e);
      }
      assertThat(server.call().text("parse_mode")).isEqualTo("MarkdownV2");
      assertThat(server.call().parameters().at("/link_preview_options/is_disabled").asBoolean())
          .isTrue();
    }
  }

  @Test
  void aMissingTokenIsNamed() {
    assertThatThrownBy(() -> PROVIDER.create(settings(Map.of("base-url", "http://localhost"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notifier.telegram.token")
        .hasMessageContaining("NOTIFIER_TELEGRAM_TOKEN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          token                     | 123:short
          base-url                  | ftp://example.com
          base-url                  | https://user:password@example.com
          parse-mode                | markdown
          link-preview              | off
          max-parts                 | 0
          max-parts                 | 101
          group-messages-per-minute | 1001
          callback-secret           | not allowed!
          connect-timeout           | 2h
          read-timeout              | 0s
          call-timeout              | soon
          """)
  void aBadSettingIsNamed(String key, String value) {
    assertThatThrownBy(() -> PROVIDER.create(settings(with(key, value))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notifier.telegram." + key)
        .satisfies(
            e ->
                assertThat(e.getMessage()).doesNotContain("password", "123:short", "not allowed!"));
  }

  @Test
  void theChannelIsFoundOnTheClassPath() {
    Properties properties = new Properties();
    properties.setProperty("notifier.telegram.token", BotServer.TOKEN);

    assertThatCode(() -> Notifier.builder().properties(properties).build().close())
        .doesNotThrowAnyException();
  }

  @Test
  void classPathAndModuleNameTheSameProvider() throws IOException {
    List<String> onClassPath =
        ServiceLoader.load(ChannelProvider.class).stream()
            .map(provider -> provider.type().getName())
            .toList();
    ModuleDescriptor module =
        ModuleFinder.of(Path.of("target/classes")).findAll().iterator().next().descriptor();

    assertThat(module.name()).isEqualTo("dev.notifier.channel.telegram");
    assertThat(module.provides())
        .singleElement()
        .satisfies(
            provides -> {
              assertThat(provides.service()).isEqualTo(ChannelProvider.class.getName());
              assertThat(provides.providers()).isEqualTo(onClassPath);
            });
    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactly("dev.notifier.channel.telegram");
  }

  // --- Builder ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secretsecretsecretsecretsecretsecret",
        "123:",
        "123456:AAsecretSecretSecretSecretSecretSe",
        "123456:AAsecretSecretSecretSecretSecretSecre-toolong",
        "abc:AAsecretSecretSecretSecretSecretSecr",
        " 123456789:AAsecretSecretSecretSecretSecret-_x"
      })
  void aTokenOfAnotherFormIsRefusedAndNotShown(String token) {
    assertThatThrownBy(() -> TelegramChannel.bot(token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("35 letters")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ecret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api.telegram.org",
        "ftp://api.telegram.org",
        "https://u:p@api.telegram.org",
        "https://api.telegram.org/?a=b",
        "https://api.telegram.org/#x",
        "https://api.telegram.org/bot123:hush",
        "https://api.telegram.org/bot123%3Ahush"
      })
  void aBaseUrlOfAnotherFormIsRefusedAndNotShown(String url) {
    assertThatThrownBy(() -> TelegramChannel.bot(BotServer.TOKEN).baseUrl(url))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush", "u:p"));
  }

  @Test
  void aBaseUrlMayHaveAPath() {
    try (BotServer server = new BotServer();
        TelegramChannel channel =
            TelegramChannel.bot(BotServer.TOKEN).baseUrl(server.url() + "/telegram/").create()) {
      channel.send(Attempts.text("x"));

      assertThat(server.call().token()).isEqualTo("bot" + BotServer.TOKEN);
    }
  }

  @Test
  void badValuesAreRefusedAtTheCall() {
    TelegramChannel.Builder bot = TelegramChannel.bot(BotServer.TOKEN);

    assertThatThrownBy(() -> bot.maxParts(0))
        .hasMessage("maxParts must be from 1 to 100, but was 0");
    assertThatThrownBy(() -> bot.groupLimit(RateLimit.perSecond(1001)))
        .hasMessageContaining("1001");
    assertThatThrownBy(() -> bot.connectTimeout(Duration.ZERO))
        .hasMessageContaining("connectTimeout");
    assertThatThrownBy(() -> bot.callbackSecret("x y"))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("x y"));
    assertThat(bot.id().value()).isEqualTo("telegram");
    assertThat(bot.withoutGroupLimit().toString()).doesNotContain(BotServer.TOKEN);
  }

  @Test
  void theLimitsOfTelegramAreTheDefaultAndOthersWin() {
    try (TelegramChannel channel = TelegramChannel.bot(BotServer.TOKEN).create()) {
      ChannelPolicy policy = channel.policy(ChannelPolicy.defaults());
      assertThat(policy.rateLimit()).contains(RateLimit.perSecond(30));
      assertThat(policy.recipientRateLimit()).contains(RateLimit.perSecond(1));

      ChannelPolicy own =
          ChannelPolicy.builder()
              .rateLimit(RateLimit.perSecond(5))
              .recipientRateLimit(RateLimit.perMinute(3))
              .build();
      assertThat(channel.policy(own).rateLimit()).isEqualTo(own.rateLimit());
      assertThat(channel.policy(own).recipientRateLimit()).isEqualTo(own.recipientRateLimit());
    }
  }

  // --- Verification -----------------------------------------------------------------------------

  @Test
  void verificationAsksWhoTheBotIs() {
    try (BotServer server = new BotServer();
        TelegramChannel channel = server.bot().create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.WORKS);
      assertThat(channel.verify().detail()).isEqualTo("bot @shop_bot");
      assertThat(server.calls()).extracting(BotServer.Call::method).containsOnly("getMe");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401, Unauthorized, REFUSED",
    "404, Not Found, REFUSED",
    "429, Too Many Requests: retry after 5, UNREACHABLE",
    "500, Internal Server Error, UNREACHABLE"
  })
  void verificationTellsWhoIsToBlame(int status, String description, Verdict verdict) {
    try (BotServer server = new BotServer();
        TelegramChannel channel = server.bot().create()) {
      server.always(BotServer.refused(status, description));

      assertThat(channel.verify().verdict()).isEqualTo(verdict);
      assertThat(channel.verify().detail()).contains(description);
    }
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() {
    try (TelegramChannel channel =
        TelegramChannel.bot(BotServer.TOKEN).baseUrl("http://localhost:1").create()) {
      assertThat(channel.verify().verdict()).isEqualTo(Verdict.UNREACHABLE);
    }
  }
}
