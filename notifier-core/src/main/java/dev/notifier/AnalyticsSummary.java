package dev.notifier;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbers of a window.
 *
 * @param window what was counted
 * @param completeSince since when the store knows everything that was accepted: if the window
 *     begins before it, some of what was accepted earlier may have been forgotten and is not
 *     counted. Empty if the store has forgotten nothing
 * @param channels the numbers of each channel
 */
public record AnalyticsSummary(
    AnalyticsWindow window,
    Optional<Instant> completeSince,
    Map<ChannelId, ChannelSummary> channels) {
  /** Creates the summary with a copy of the map, ordered by channel. */
  public AnalyticsSummary {
    channels = Collections.unmodifiableMap(new TreeMap<>(channels));
  }

  /**
   * Returns the numbers of a channel.
   *
   * @throws UnknownChannelException if there are none
   */
  public ChannelSummary channel(String channel) {
    ChannelSummary found = channels.get(ChannelId.of(channel));
    if (found == null) {
      throw new UnknownChannelException(
          "no channel " + Quoted.of(channel) + " in this summary; it has " + channels.keySet());
    }
    return found;
  }

  /** Returns the numbers of all channels together. */
  public DeliveryCounts total() {
    return channels.values().stream()
        .map(ChannelSummary::counts)
        .reduce(DeliveryCounts.NONE, DeliveryCounts::plus);
  }

  /** Tells whether everything that was accepted in the window is counted. */
  public boolean isComplete() {
    return completeSince.filter(window.from()::isBefore).isEmpty();
  }
}
