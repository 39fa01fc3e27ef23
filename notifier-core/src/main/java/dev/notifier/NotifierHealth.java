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

  /**
   * Tells whether this process should be given work: it is not closed, and its store takes
   * notifications. Meant for a readiness probe, and cheap enough for any: nothing is asked but
   * memory.
   *
   * <p>Channels do not count: what is accepted while a provider fails, or a channel is paused, is
   * safe in the store and is sent later, and another process would have the same trouble. It says
   * nothing about whether to restart the process either: a database that is away comes back without
   * that.
   */
  public boolean isReady() {
    return accepting && store.isUp();
  }

  /** Tells whether nothing is wrong: it is ready, and every channel is up. Meant for an alarm. */
  public boolean isUp() {
    return isReady()
        && channels.values().stream()
            .allMatch(channel -> channel.state() == ChannelHealth.State.UP);
  }
}
