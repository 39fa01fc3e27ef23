package dev.notifier;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How well a notifier works: a snapshot.
 *
 * @param accepting whether it accepts notifications; it does until it is closed
 * @param channels the health of each channel
 * @param store the health of the store
 */
public record NotifierHealth(
    boolean accepting, Map<ChannelId, ChannelHealth> channels, StoreHealth store) {
  /** Creates the snapshot with a copy of the map, ordered by channel. */
  public NotifierHealth {
    channels = Collections.unmodifiableMap(new TreeMap<>(channels));
  }

  /** Tells whether it accepts notifications, and the store and every channel are up. */
  public boolean isUp() {
    return accepting
        && store.isUp()
        && channels.values().stream()
            .allMatch(channel -> channel.state() == ChannelHealth.State.UP);
  }
}
