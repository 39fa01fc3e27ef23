package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Makes a channel of several providers. */
final class EmailLineFactory implements ChannelFactory {
  private final List<ChannelFactory> providers;
  private final boolean roundRobin;
  private final InstantSource clock;

  EmailLineFactory(List<ChannelFactory> providers, boolean roundRobin, InstantSource clock) {
    List<ChannelId> ids = providers.stream().map(ChannelFactory::id).distinct().toList();
    if (ids.size() > 1) {
      throw new IllegalArgumentException(
          "the providers of one channel must have one id, but these have " + ids);
    }
    this.providers = List.copyOf(providers);
    this.roundRobin = roundRobin;
    this.clock = clock;
  }

  @Override
  public ChannelId id() {
    return providers.get(0).id();
  }

  @Override
  public Channel create() {
    List<Channel> channels = new ArrayList<>();
    try {
      providers.forEach(provider -> channels.add(provider.create()));
    } catch (RuntimeException e) {
      channels.forEach(Channel::close);
      throw e;
    }
    return new EmailLine(channels, roundRobin, clock);
  }

  @Override
  public String toString() {
    return providers.toString();
  }
}
