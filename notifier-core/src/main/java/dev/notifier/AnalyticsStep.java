package dev.notifier;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers of one step of a time series.
 *
 * @param from the first time that belongs to it
 * @param to the first time after it
 * @param channels the numbers of each channel of which something was accepted then
 */
public record AnalyticsStep(Instant from, Instant to, Map<ChannelId, DeliveryCounts> channels) {
  /** Creates the step with a copy of the map, ordered by channel. */
  public AnalyticsStep {
    channels = Collections.unmodifiableMap(new TreeMap<>(channels));
  }

  /** Returns the numbers of a channel; none if nothing was accepted on it. */
  public DeliveryCounts channel(String channel) {
    return channels.getOrDefault(ChannelId.of(channel), DeliveryCounts.NONE);
  }

  /** Returns the numbers of all channels together. */
  public DeliveryCounts total() {
    return channels.values().stream().reduce(DeliveryCounts.NONE, DeliveryCounts::plus);
  }
}
