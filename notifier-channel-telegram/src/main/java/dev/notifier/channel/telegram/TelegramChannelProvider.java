package dev.notifier.channel.telegram;

import dev.notifier.ConfigurationException;
import dev.notifier.RateLimit;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.util.function.Consumer;

/**
 * Makes the Telegram channel from settings such as {@code notifier.telegram.token}. The guide to
 * Telegram lists them all.
 */
public final class TelegramChannelProvider implements ChannelProvider {
  /** For {@link java.util.ServiceLoader}. */
  public TelegramChannelProvider() {}

  @Override
  public String id() {
    return "telegram";
  }

  @Override
  public Channel create(ProviderSettings settings) {
    TelegramChannel.Builder builder = bot(settings);
    settings.optional("base-url").ifPresent(naming(settings, "base-url", builder::baseUrl));
    settings.oneOf("parse-mode", ParseMode.class).ifPresent(builder::parseMode);
    settings.flag("link-preview").ifPresent(builder::linkPreview);
    settings
        .integer("max-parts", 1, TelegramChannel.Builder.LARGEST_MAX_PARTS)
        .ifPresent(builder::maxParts);
    settings
        .integer("group-messages-per-minute", 1, 1000)
        .map(RateLimit::perMinute)
        .ifPresent(builder::groupLimit);
    settings
        .secret("callback-secret")
        .ifPresent(naming(settings, "callback-secret", builder::callbackSecret));
    setTimeouts(settings, builder);
    return builder.create();
  }

  private static TelegramChannel.Builder bot(ProviderSettings settings) {
    String token = settings.secret("token").orElseGet(() -> settings.required("token"));
    try {
      return TelegramChannel.bot(token);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException("setting " + settings.name("token") + ": " + e.getMessage());
    }
  }

  private static void setTimeouts(ProviderSettings settings, TelegramChannel.Builder builder) {
    settings
        .duration("connect-timeout")
        .ifPresent(naming(settings, "connect-timeout", builder::connectTimeout));
    settings
        .duration("read-timeout")
        .ifPresent(naming(settings, "read-timeout", builder::readTimeout));
    settings
        .duration("write-timeout")
        .ifPresent(naming(settings, "write-timeout", builder::writeTimeout));
    settings
        .duration("call-timeout")
        .ifPresent(naming(settings, "call-timeout", builder::callTimeout));
  }

  private static <T> Consumer<T> naming(ProviderSettings settings, String key, Consumer<T> setter) {
    return value -> {
      try {
        setter.accept(value);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException("setting " + settings.name(key) + ": " + e.getMessage());
      }
    };
  }
}
