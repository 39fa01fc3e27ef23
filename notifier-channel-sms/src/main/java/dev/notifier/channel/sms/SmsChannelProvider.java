package dev.notifier.channel.sms;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the SMS channel from settings such as {@code notifier.sms.provider}; the guide lists all of
 * them.
 */
public final class SmsChannelProvider implements ChannelProvider {
  private enum Strategy {
    FAILOVER,
    ROUND_ROBIN
  }

  private enum TooLong {
    REFUSE,
    TRUNCATE
  }

  /** Creates the provider; called by {@link java.util.ServiceLoader}. */
  public SmsChannelProvider() {}

  @Override
  public String id() {
    return SmsChannel.ID.value();
  }

  @Override
  public Channel create(ProviderSettings settings) {
    SmsAccounts accounts = accounts(settings);
    settings.integer("max-parts", 1, TextRules.MOST_PARTS).ifPresent(accounts::maxParts);
    if (settings.oneOf("too-long", TooLong.class).orElse(TooLong.REFUSE) == TooLong.TRUNCATE) {
      accounts.truncateLongTexts();
    }
    if (settings.flag("smart-encoding").orElse(false)) {
      accounts.smartEncoding();
    }
    return accounts.create();
  }

  private static SmsAccounts accounts(ProviderSettings settings) {
    List<SmsAccount<?>> all = new ArrayList<>();
    for (String name : settings.required("provider").split(",", -1)) {
      all.add(account(name.strip().toLowerCase(Locale.ROOT), settings));
    }
    SmsAccount<?> first = all.remove(0);
    SmsAccount<?>[] more = all.toArray(new SmsAccount<?>[0]);
    return settings.oneOf("strategy", Strategy.class).orElse(Strategy.FAILOVER)
            == Strategy.ROUND_ROBIN
        ? SmsChannel.roundRobin(first, more)
        : SmsChannel.failover(first, more);
  }

  private static SmsAccount<?> account(String provider, ProviderSettings settings) {
    try {
      return switch (provider) {
        case "twilio" -> twilio(settings);
        case "vonage" -> vonage(settings);
        default ->
            throw new ConfigurationException(
                "setting "
                    + settings.name("provider")
                    + " must be twilio, vonage, or both with a comma between them, but has \""
                    + provider
                    + "\"");
      };
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "a setting of " + settings.name("*") + " for " + provider + ": " + e.getMessage(), e);
    }
  }

  private static SmsAccount<?> twilio(ProviderSettings settings) {
    TwilioAccount account =
        SmsChannel.twilio(settings.required("account-sid"), secret("auth-token", settings));
    settings
        .optional("api-key-sid")
        .ifPresent(sid -> account.apiKey(sid, secret("api-key-secret", settings)));
    settings.optional("messaging-service-sid").ifPresent(account::messagingService);
    return common("twilio", account, settings);
  }

  private static SmsAccount<?> vonage(ProviderSettings settings) {
    VonageAccount account =
        SmsChannel.vonage(settings.required("api-key"), secret("api-secret", settings));
    VonageSignature method =
        settings
            .oneOf("signature-method", VonageSignature.class)
            .orElse(VonageSignature.HMAC_SHA256);
    settings.secret("signature-secret").ifPresent(secret -> account.signature(method, secret));
    return common("vonage", account, settings);
  }

  private static String secret(String key, ProviderSettings settings) {
    settings.required(key);
    return settings.secret(key).orElseThrow();
  }

  private static SmsAccount<?> common(
      String provider, SmsAccount<?> account, ProviderSettings settings) {
    OwnOrShared keys = new OwnOrShared(provider, settings);
    settings.optional("default-region").ifPresent(account::defaultRegion);
    keys.text("from").ifPresent(account::from);
    keys.text("status-callback").ifPresent(account::statusCallback);
    keys.text("base-url").ifPresent(account::baseUrl);
    settings.duration("connect-timeout").ifPresent(account::connectTimeout);
    settings.duration("read-timeout").ifPresent(account::readTimeout);
    settings.duration("call-timeout").ifPresent(account::callTimeout);
    return account;
  }

  /** Settings that a provider may have of its own, such as {@code vonage-from}. */
  private record OwnOrShared(String provider, ProviderSettings settings) {
    Optional<String> text(String key) {
      Optional<String> shared = settings.optional(key);
      return settings.optional(provider + "-" + key).or(() -> shared);
    }
  }
}
