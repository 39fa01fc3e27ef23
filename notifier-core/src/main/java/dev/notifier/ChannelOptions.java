package dev.notifier;

import java.util.Map;

/**
 * What one channel should do differently for one notification, such as sending silently.
 *
 * <p>Channel modules offer typed implementations. The values are text, so that any store can keep
 * them; the channel checks them when the notification is sent.
 */
public interface ChannelOptions {
  /** Returns the channel that they are for. */
  ChannelId channel();

  /** Returns the options by key. */
  Map<String, String> values();

  /** Returns options as they stand. */
  static ChannelOptions of(String channel, Map<String, String> values) {
    ChannelId id = ChannelId.of(channel);
    Map<String, String> copy = Map.copyOf(values);
    return new ChannelOptions() {
      @Override
      public ChannelId channel() {
        return id;
      }

      @Override
      public Map<String, String> values() {
        return copy;
      }
    };
  }
}
