package dev.notifier.channel.webhook;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Makes the channel {@code webhook} from the settings {@code notifier.webhook.*}; found by {@link
 * java.util.ServiceLoader}. The keys are those of {@link #create}, described in docs/WEBHOOK.md.
 */
public final class WebhookChannelProvider implements ChannelProvider {
  /** Creates the provider. */
  public WebhookChannelProvider() {}

  @Override
  public String id() {
    return WebhookChannel.ID.value();
  }

  /**
   * Makes the channel from {@code secrets} or {@code unsigned=true}, and optionally {@code
   * plain-hmac-header}, {@code plain-hmac-secret}, {@code event-type}, {@code headers}, {@code
   * allow-http}, {@code allow-hosts}, {@code allow-networks}, {@code proxy}, {@code timeout},
   * {@code calls-per-host}, {@code standard-retries}, {@code disable-after-failures} and {@code
   * disable-after}.
   */
  @Override
  public Channel create(ProviderSettings settings) {
    WebhookChannel channel = signed(settings);
    plainHmac(settings, channel);
    set(settings, "event-type", settings.optional("event-type"), channel::eventType);
    set(settings, "headers", settings.optional("headers"), value -> addHeaders(value, channel));
    each(settings, "allow-http", channel::allowHttp);
    each(settings, "allow-hosts", channel::allowHost);
    each(settings, "allow-networks", channel::allowNetwork);
    set(settings, "proxy", settings.optional("proxy"), value -> channel.proxy(proxy(value)));
    set(settings, "timeout", settings.duration("timeout"), channel::timeout);
    settings.integer("calls-per-host", 1, 1000).ifPresent(channel::callsPerHost);
    if (settings.flag("standard-retries").orElse(false)) {
      channel.retries(WebhookChannel.STANDARD_RETRIES);
    }
    disableAfter(settings, channel);
    return channel.create();
  }

  private static WebhookChannel signed(ProviderSettings settings) {
    Optional<String> secrets = settings.secret("secrets");
    boolean unsigned = settings.flag("unsigned").orElse(false);
    if (secrets.isPresent() == unsigned) {
      throw new ConfigurationException(
          "set either "
              + settings.name("secrets")
              + ", to sign with, or "
              + settings.name("unsigned")
              + "=true");
    }
    return unsigned ? WebhookChannel.unsigned() : signedWith(settings, secrets.orElseThrow());
  }

  private static WebhookChannel signedWith(ProviderSettings settings, String secrets) {
    List<String> all = list(secrets);
    String[] more = all.subList(1, all.size()).toArray(String[]::new);
    return named(settings, "secrets", () -> WebhookChannel.signedWith(all.get(0), more));
  }

  private static void plainHmac(ProviderSettings settings, WebhookChannel channel) {
    Optional<String> header = settings.optional("plain-hmac-header");
    Optional<String> secret = settings.secret("plain-hmac-secret");
    if (header.isPresent() != secret.isPresent()) {
      throw new ConfigurationException(
          "set both "
              + settings.name("plain-hmac-header")
              + " and "
              + settings.name("plain-hmac-secret")
              + ", or neither");
    }
    set(
        settings,
        "plain-hmac-header",
        header,
        name -> channel.plainHmac(name, secret.orElseThrow()));
  }

  private static void addHeaders(String lines, WebhookChannel channel) {
    lines.lines().filter(Predicate.not(String::isBlank)).forEach(line -> addHeader(line, channel));
  }

  private static void addHeader(String line, WebhookChannel channel) {
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "a header must be written as name: value, one on each line");
    }
    channel.header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
  }

  private static Proxy proxy(String value) {
    int colon = value.lastIndexOf(':');
    if (colon < 1 || !value.substring(colon + 1).matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("a proxy must be written as host:port");
    }
    int port = Integer.parseInt(value.substring(colon + 1));
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(value.substring(0, colon), port));
  }

  private static void disableAfter(ProviderSettings settings, WebhookChannel channel) {
    Optional<Integer> failures = settings.integer("disable-after-failures", 1, 1_000_000);
    Optional<Duration> time = settings.duration("disable-after");
    if (failures.isPresent() || time.isPresent()) {
      set(
          settings,
          "disable-after",
          Optional.of(time.orElse(WebhookChannel.DISABLE_AFTER.time())),
          value ->
              channel.disableAfter(
                  failures.orElse(WebhookChannel.DISABLE_AFTER.failures()), value));
    }
  }

  private static void each(ProviderSettings settings, String key, Consumer<String> setter) {
    set(settings, key, settings.optional(key), values -> list(values).forEach(setter));
  }

  private static List<String> list(String values) {
    return Arrays.stream(values.split("[,\\s]+")).filter(Predicate.not(String::isEmpty)).toList();
  }

  private static <T> void set(
      ProviderSettings settings, String key, Optional<T> value, Consumer<T> setter) {
    value.ifPresent(
        present ->
            named(
                settings,
                key,
                () -> {
                  setter.accept(present);
                  return present;
                }));
  }

  /** Names the key in what a setter complains of. */
  private static <T> T named(ProviderSettings settings, String key, Supplier<T> work) {
    try {
      return work.get();
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new ConfigurationException("setting " + settings.name(key) + ": " + e.getMessage(), e);
    }
  }
}
