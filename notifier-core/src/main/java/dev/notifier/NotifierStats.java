package dev.notifier;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a notifier has done since it was built: a snapshot.
 *
 * @param channels the numbers of each channel
 * @param duplicates how many notifications were not accepted because their idempotency key was
 *     known
 */
public record NotifierStats(Map<ChannelId, ChannelStats> channels, long duplicates) {
  /** Creates the snapshot with a copy of the map, ordered by channel. */
  public NotifierStats {
    channels = Collections.unmodifiableMap(new TreeMap<>(channels));
  }

  /** Returns how often something happened, over all channels. */
  public long total(ChannelStats.Event event) {
    return channels.values().stream().mapToLong(channel -> channel.count(event)).sum();
  }
}
