package dev.notifier;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well a notifier works: a snapshot.
 *
 * @param accepting whether it accepts notifications; it does until it is closed
 * @param channels the health of each channel
 */
public record NotifierHealth(boolean accepting, Map<ChannelId, ChannelHealth> channels) {
  /** Creates the snapshot with a copy of the map, ordered by channel. */
  public NotifierHealth {
    channels = Collections.unmodifiableMap(new TreeMap<>(channels));
  }

  /** Tells whether it accepts notifications and every channel is up. */
  public boolean isUp() {
    return accepting
        && channels.values().stream()
            .allMatch(channel -> channel.state() == ChannelHealth.State.UP);
  }
}
