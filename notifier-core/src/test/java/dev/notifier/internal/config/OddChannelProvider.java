package dev.notifier.internal.config;

import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelProvider;
import dev.notifier.spi.ProviderSettings;

/** Registered in META-INF/services of the tests, so every notifier of a core test finds it. */
public final class OddChannelProvider implements ChannelProvider {
  /** Its odd id: no test has a setting for it by accident. */
  public static final String ID = "odd-test-channel";

  @Override
  public String id() {
    return ID;
  }

  @Override
  public Channel create(ProviderSettings settings) {
    return new Fakes.FakeChannel(settings.required("url"));
  }
}
