package dev.notifier.spi;

/**
 * Makes a channel from settings: what a plug-in registers for {@link java.util.ServiceLoader}.
 *
 * <p>It needs a public constructor without parameters. A provider whose id has no setting is found
 * but makes no channel.
 */
public interface ChannelProvider {
  /** Returns the id of its channel, which is also the prefix of its settings: lower case. */
  String id();

  /**
   * Makes the channel.
   *
   * @throws dev.notifier.ConfigurationException if a setting is missing or unusable
   */
  Channel create(ProviderSettings settings);
}
