package dev.notifier.spi;

import dev.notifier.ChannelId;
import dev.notifier.NotifierBuilder;

/**
 * The configuration of one channel, ready to make it: what an application hands to {@link
 * NotifierBuilder#channel(ChannelFactory)}.
 */
public interface ChannelFactory {
  /** Returns the id by which notifications name the channel. */
  ChannelId id();

  /**
   * Makes the channel. Called once per notifier that is built.
   *
   * @throws dev.notifier.ConfigurationException if a setting is missing or contradicts another
   */
  Channel create();
}
