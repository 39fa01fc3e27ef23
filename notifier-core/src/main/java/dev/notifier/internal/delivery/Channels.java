package dev.notifier.internal.delivery;

import dev.notifier.ChannelId;
import dev.notifier.UnknownChannelException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The channels of a notifier. */
public final class Channels {
  private final Map<ChannelId, ConfiguredChannel> channels = new TreeMap<>();
  private final Optional<ConfiguredChannel> standIn;

  private Channels(List<ConfiguredChannel> channels, Optional<ConfiguredChannel> standIn) {
    channels.forEach(channel -> this.channels.put(channel.id(), channel));
    this.standIn = standIn;
  }

  /** Returns these channels; a route may name no other. */
  public static Channels of(List<ConfiguredChannel> channels) {
    return new Channels(channels, Optional.empty());
  }

  /** Returns one channel that stands in for every other. */
  public static Channels standIn(ConfiguredChannel channel) {
    return new Channels(List.of(channel), Optional.of(channel));
  }

  /**
   * Returns the channel of this name.
   *
   * @throws UnknownChannelException if there is none; the message says what to add
   */
  public ConfiguredChannel get(ChannelId id) {
    ConfiguredChannel channel = channels.get(id);
    return channel != null ? channel : standIn.orElseThrow(() -> unknown(id));
  }

  /** Returns the channel of this name, or the one that stands in for it, if there is one. */
  public Optional<ConfiguredChannel> find(ChannelId id) {
    ConfiguredChannel channel = channels.get(id);
    return channel != null ? Optional.of(channel) : standIn;
  }

  private UnknownChannelException unknown(ChannelId id) {
    return new UnknownChannelException(
        "no channel '"
            + id
            + "': add notifier-channel-"
            + id
            + " to the class path and its settings, or call NotifierBuilder.channel(...); found: "
            + channels.keySet());
  }

  /** Returns all of them, ordered by id. */
  public Collection<ConfiguredChannel> all() {
    return channels.values();
  }
}
