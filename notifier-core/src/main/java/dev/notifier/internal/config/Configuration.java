package dev.notifier.internal.config;

import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.NotificationStoreProvider;
import dev.notifier.spi.ProviderSettings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes channels and a store from settings, by the providers that were found. */
public final class Configuration {
  private static final Logger log = LoggerFactory.getLogger(Configuration.class);
  private static final String STORE = "store.";

  private final Map<String, ChannelProvider> channelProviders;
  private final Map<String, NotificationStoreProvider> storeProviders;

  /** The settings of each provider, by its prefix such as {@code email.} or {@code store.jdbc.}. */
  private final Map<String, Map<String, String>> byPrefix = new TreeMap<>();

  /**
   * Sorts the settings by the provider that they are for.
   *
   * @throws ConfigurationException if a property is for none of them. A variable of the environment
   *     may be somebody else's (a Kubernetes service named "notifier" makes {@code
   *     NOTIFIER_SERVICE_HOST}), so that is only a warning.
   */
  public Configuration(
      Settings settings,
      Map<String, ChannelProvider> channelProviders,
      Map<String, NotificationStoreProvider> storeProviders) {
    this.channelProviders = channelProviders;
    this.storeProviders = storeProviders;
    channelProviders.keySet().forEach(id -> byPrefix.put(prefix(id), new TreeMap<>()));
    storeProviders.keySet().forEach(id -> byPrefix.put(STORE + prefix(id), new TreeMap<>()));
    settings.fromProperties().forEach(this::assignProperty);
    settings.fromEnvironment().forEach(this::assignVariable); // later, so that it wins
  }

  private static String prefix(String id) {
    return Settings.canonical(id) + ".";
  }

  private void assignProperty(String key, String value) {
    String prefix = prefixOf(key);
    if (prefix == null) {
      throw new ConfigurationException(
          "unknown setting notifier." + key + ": " + whatWasFound(key));
    }
    settingsOf(prefix).put(key.substring(prefix.length()), value);
  }

  private void assignVariable(String key, String value) {
    String prefix = prefixOf(key);
    if (prefix == null) {
      log.warn("ignored variable NOTIFIER_{}: {}", key.replace('.', '_'), whatWasFound(key));
    } else {
      settingsOf(prefix).put(key.substring(prefix.length()), value);
    }
  }

  /**
   * Returns the longest prefix that fits: the id {@code email-bulk} must not lose to {@code email}.
   */
  private @Nullable String prefixOf(String key) {
    String longest = null;
    for (String prefix : byPrefix.keySet()) {
      if (key.startsWith(prefix) && (longest == null || prefix.length() > longest.length())) {
        longest = prefix;
      }
    }
    return longest;
  }

  private Map<String, String> settingsOf(String prefix) {
    return byPrefix.computeIfAbsent(prefix, key -> new TreeMap<>());
  }

  private String whatWasFound(String key) {
    if (byPrefix.containsKey(key + ".")) {
      return "this names a provider, but none of its settings: write notifier." + key + ".<key>";
    }
    String first = key.contains(".") ? key.substring(0, key.indexOf('.')) : key;
    return "no provider '"
        + first
        + "' on the class path: correct the key, or add the module (such as notifier-channel-"
        + first
        + "); found channels "
        + channelProviders.keySet()
        + " and stores "
        + storeProviders.keySet();
  }

  /**
   * Makes every channel that has settings, but for those that the application made itself.
   *
   * @throws ConfigurationException if a setting is missing, unknown or unusable; then no channel is
   *     left open
   */
  public Map<ChannelId, Channel> channels(Set<ChannelId> explicit) {
    Map<ChannelId, Channel> made = new LinkedHashMap<>();
    try {
      channelProviders.forEach((id, provider) -> make(ChannelId.of(id), provider, explicit, made));
    } catch (RuntimeException | Error e) { // an error too: a plug-in may lack a class
      closeAll(made.values(), e);
      throw e;
    }
    return made;
  }

  /** Closes what was made before a failure; a channel that does not close hides neither. */
  public static void closeAll(Collection<Channel> made, Throwable failure) {
    for (Channel channel : made) {
      try {
        channel.close();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private void make(
      ChannelId id, ChannelProvider provider, Set<ChannelId> explicit, Map<ChannelId, Channel> to) {
    ProviderSettings settings = settings(prefix(id.value()), id.value());
    if (explicit.contains(id)) {
      log.info("channel '{}' was given by the application; its settings are not used", id);
    } else if (settings.isEmpty()) {
      log.info("channel '{}' is not configured: there is no setting notifier.{}.*", id, id);
    } else {
      to.put(id, checkMade("channel", id.value(), provider.create(settings)));
      settings.checkAllRead();
      log.info("channel '{}' is configured by {}", id, settings);
    }
  }

  private ProviderSettings settings(String prefix, String shownPrefix) {
    return ProviderSettings.of("notifier." + shownPrefix + ".", settingsOf(prefix));
  }

  /**
   * Makes the store that has settings, if one has.
   *
   * @throws ConfigurationException if a setting is missing, unknown or unusable, or two have some
   */
  public Optional<NotificationStore> store() {
    Set<String> configured = new TreeSet<>(storeProviders.keySet());
    configured.removeIf(id -> settingsOf(STORE + prefix(id)).isEmpty());
    if (configured.size() > 1) {
      throw new ConfigurationException(
          "settings for two stores, " + configured + ": a notifier has one; remove the others");
    }
    return configured.stream().findFirst().map(this::makeStore);
  }

  private NotificationStore makeStore(String id) {
    ProviderSettings settings = settings(STORE + prefix(id), STORE + id);
    NotificationStoreProvider provider = storeProviders.get(id);
    if (provider == null) {
      throw new AssertionError(id); // it was taken from the same map
    }
    NotificationStore store = checkMade("store", id, provider.create(settings));
    checkAllRead(settings, store);
    log.info("store '{}' is configured by {}", id, settings);
    return store;
  }

  private static void checkAllRead(ProviderSettings settings, NotificationStore store) {
    try {
      settings.checkAllRead();
    } catch (ConfigurationException e) {
      store.close();
      throw e;
    }
  }

  /** Refuses the null that a plug-in or an application made instead of a part. */
  public static <T> T checkMade(String what, String id, @Nullable T made) {
    if (made == null) {
      throw new ConfigurationException(
          what + " '" + id + "' was not made: create(...) returned null, and must not");
    }
    return made;
  }

  /** Finds the providers on the class path, or none if discovery is off. */
  public static Configuration load(Settings settings, boolean discovery) {
    if (!discovery) {
      return new Configuration(settings, Map.of(), Map.of());
    }
    return new Configuration(
        settings,
        Discovery.find("channel", ServiceLoader.load(ChannelProvider.class), ChannelProvider::id),
        Discovery.find(
            "store",
            ServiceLoader.load(NotificationStoreProvider.class),
            NotificationStoreProvider::id));
  }
}
