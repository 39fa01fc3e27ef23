package dev.notifier.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import dev.notifier.internal.config.Fakes.FakeChannel;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.NotificationStoreProvider;
import dev.notifier.spi.ProviderSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private final Properties properties = new Properties();
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, ChannelProvider> channelProviders = new TreeMap<>();
  private final Map<String, NotificationStoreProvider> storeProviders = new TreeMap<>();

  private Configuration configuration() {
    Settings settings = new Settings();
    settings.addProperties(properties);
    settings.addEnvironment(environment);
    return new Configuration(settings, channelProviders, storeProviders);
  }

  private Map<ChannelId, Channel> channels() {
    return configuration().channels(Set.of());
  }

  private static String urlOf(Map<ChannelId, Channel> channels, String id) {
    return ((FakeChannel) channels.get(ChannelId.of(id))).url;
  }

  private void provide(String... ids) {
    for (String id : ids) {
      channelProviders.put(id, Fakes.provider(id));
    }
  }

  // --- Channels ---------------------------------------------------------------------------------

  @Test
  void aChannelWithSettingsIsMadeAndOneWithoutIsNot() {
    provide("pager", "fax");
    properties.setProperty("notifier.pager.url", "https://example.com");
    Map<ChannelId, Channel> channels = channels();
    assertThat(channels).containsOnlyKeys(ChannelId.of("pager"));
    assertThat(urlOf(channels, "pager")).isEqualTo("https://example.com");
  }

  @Test
  void theEnvironmentWins() {
    provide("pager");
    properties.setProperty("notifier.pager.url", "from properties");
    properties.setProperty("notifier.pager.api-key", "k");
    environment.put("NOTIFIER_PAGER_URL", "from environment");
    assertThat(urlOf(channels(), "pager")).isEqualTo("from environment");
  }

  @Test
  void aKeyGoesToTheLongestIdThatFits() {
    provide("email", "email-bulk");
    properties.setProperty("notifier.email.url", "one");
    properties.setProperty("notifier.email-bulk.url", "two");
    environment.put("NOTIFIER_EMAIL_BULK_API_KEY", "k");
    Map<ChannelId, Channel> channels = channels();
    assertThat(urlOf(channels, "email")).isEqualTo("one");
    assertThat(urlOf(channels, "email-bulk")).isEqualTo("two");
  }

  @Test
  void aChannelOfTheApplicationHidesTheSettings() {
    provide("pager", "fax");
    properties.setProperty("notifier.pager.nonsense", "not even looked at");
    properties.setProperty("notifier.fax.url", "x");
    assertThat(configuration().channels(Set.of(ChannelId.of("pager"))))
        .containsOnlyKeys(ChannelId.of("fax"));
  }

  @Test
  void aPropertyForNoProviderIsRefusedWithWhatWasFound() {
    provide("fax");
    properties.setProperty("notifier.pagr.url", "x");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::configuration)
        .withMessage(
            "unknown setting notifier.pagr.url: no provider 'pagr' on the class path: correct the"
                + " key, or add the module (such as notifier-channel-pagr); found channels [fax]"
                + " and stores []");
  }

  @Test
  void aPropertyThatIsOnlyAProvidersNameSaysWhatIsMissing() {
    provide("fax");
    properties.setProperty("notifier.fax", "x");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::configuration)
        .withMessage(
            "unknown setting notifier.fax: this names a provider, but none of its settings: write"
                + " notifier.fax.<key>");
  }

  @Test
  void aVariableForNoProviderMayBeSomebodyElses() {
    provide("pager");
    environment.put("NOTIFIER_SERVICE_HOST", "10.0.0.1"); // as Kubernetes does
    environment.put("NOTIFIER_PAGER_URL", "x");
    assertThat(channels()).containsOnlyKeys(ChannelId.of("pager"));
  }

  @Test
  void anUnknownKeyOfAProviderIsRefusedAndEveryChannelIsClosed() {
    List<FakeChannel> made = new ArrayList<>();
    for (String id : List.of("fax", "pager")) {
      channelProviders.put(id, recording(id, made));
      properties.setProperty("notifier." + id + ".url", id);
    }
    properties.setProperty("notifier.pager.api-kee", "k");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::channels)
        .withMessage(
            "unknown setting notifier.pager.api-kee: remove it or correct it; known keys: [url]");
    assertThat(made).hasSize(2).allMatch(channel -> channel.closed);
  }

  @Test
  void aMissingKeyIsToldAndEveryChannelIsClosed() {
    List<FakeChannel> made = new ArrayList<>();
    channelProviders.put("fax", recording("fax", made));
    channelProviders.put("pager", Fakes.provider("pager"));
    properties.setProperty("notifier.fax.url", "x");
    properties.setProperty("notifier.pager.api-key", "k");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::channels)
        .withMessageContaining("notifier.pager.url is missing: set it, or NOTIFIER_PAGER_URL");
    assertThat(made).hasSize(1).allMatch(channel -> channel.closed);
  }

  @Test
  void aProviderWithoutOneOfItsClassesLeavesNothingOpen() {
    List<FakeChannel> made = new ArrayList<>();
    channelProviders.put("fax", recording("fax", made));
    channelProviders.put(
        "pager",
        Fakes.provider(
            "pager",
            settings -> {
              throw new NoClassDefFoundError("okhttp3/OkHttpClient");
            }));
    properties.setProperty("notifier.fax.url", "x");
    properties.setProperty("notifier.pager.url", "x");
    assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(this::channels);
    assertThat(made).hasSize(1).allMatch(channel -> channel.closed);
  }

  @Test
  void aChannelThatDoesNotCloseHidesNeitherTheFailureNorTheOthers() {
    Channel stubborn = mock(Channel.class);
    doThrow(new IllegalStateException("stubborn")).when(stubborn).close();
    FakeChannel other = new FakeChannel("x");
    ConfigurationException failure = new ConfigurationException("the first");
    Configuration.closeAll(List.of(stubborn, other), failure);
    assertThat(other.closed).isTrue();
    assertThat(failure.getSuppressed()).hasSize(1);
  }

  @Test
  void aProviderThatMakesNothingIsTold() {
    channelProviders.put("pager", Fakes.provider("pager", settings -> null));
    properties.setProperty("notifier.pager.url", "x");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(this::channels)
        .withMessageStartingWith("channel 'pager' was not made: create(...) returned null");
  }

  private static ChannelProvider recording(String id, List<FakeChannel> made) {
    return Fakes.provider(
        id,
        settings -> {
          FakeChannel channel = new FakeChannel(settings.required("url"));
          made.add(channel);
          return channel;
        });
  }

  // --- Stores -----------------------------------------------------------------------------------

  @Test
  void theStoreWithSettingsIsMade() {
    NotificationStore store = mock(NotificationStore.class);
    storeProviders.put("odd-store", storeProvider("odd-store", store));
    storeProviders.put("other", storeProvider("other", mock(NotificationStore.class)));
    properties.setProperty("notifier.store.odd-store.url", "x");
    assertThat(configuration().store()).containsSame(store);
  }

  @Test
  void withoutSettingsThereIsNoStore() {
    storeProviders.put("odd", storeProvider("odd", mock(NotificationStore.class)));
    assertThat(configuration().store()).isEmpty();
  }

  @Test
  void settingsForTwoStoresAreRefused() {
    storeProviders.put("one", storeProvider("one", mock(NotificationStore.class)));
    storeProviders.put("two", storeProvider("two", mock(NotificationStore.class)));
    properties.setProperty("notifier.store.one.url", "x");
    environment.put("NOTIFIER_STORE_TWO_URL", "x");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> configuration().store())
        .withMessage("settings for two stores, [one, two]: a notifier has one; remove the others");
  }

  @Test
  void anUnknownKeyOfAStoreIsRefusedAndTheStoreIsClosed() {
    NotificationStore store = mock(NotificationStore.class);
    storeProviders.put("odd", storeProvider("odd", store));
    properties.setProperty("notifier.store.odd.url", "x");
    properties.setProperty("notifier.store.odd.urll", "x");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> configuration().store())
        .withMessageStartingWith("unknown setting notifier.store.odd.urll: ");
    verify(store).close();
  }

  private static NotificationStoreProvider storeProvider(String id, NotificationStore store) {
    return new NotificationStoreProvider() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public NotificationStore create(ProviderSettings settings) {
        assertThat(settings.required("url")).isEqualTo("x");
        return store;
      }
    };
  }
}
