package dev.notifier.internal.config;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;
import java.util.function.Function;

/** Small plug-ins. */
final class Fakes {
  private Fakes() {}

  /** A channel that remembers what it was made of, and whether it was closed. */
  static final class FakeChannel implements Channel {
    final String url;
    boolean closed;

    FakeChannel(String url) {
      this.url = url;
    }

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) {
      return DeliveryResult.accepted();
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Returns a provider of such channels; it reads {@code url} and {@code api-key}. */
  static ChannelProvider provider(String id) {
    return provider(
        id,
        settings -> {
          settings.secret("api-key");
          return new FakeChannel(settings.required("url"));
        });
  }

  static ChannelProvider provider(String id, Function<ProviderSettings, Channel> factory) {
    return new ChannelProvider() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public Channel create(ProviderSettings settings) {
        return factory.apply(settings);
      }
    };
  }
}
