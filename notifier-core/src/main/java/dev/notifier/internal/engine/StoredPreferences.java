package dev.notifier.internal.engine;

import dev.notifier.ChannelId;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.Preference.Choice;
import dev.notifier.PreferenceQuery;
import dev.notifier.Preferences;
import dev.notifier.Recipient;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.delivery.Permissions;
import dev.notifier.spi.PreferenceStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The store's preferences, as an application sees them. */
final class StoredPreferences implements Preferences {
  private final PreferenceStore store;
  private final Permissions permissions;
  private final Channels channels;
  private final InstantSource clock;
  private final AtomicLong lastMillis = new AtomicLong(Long.MIN_VALUE);

  StoredPreferences(
      PreferenceStore store, Permissions permissions, Channels channels, InstantSource clock) {
    this.store = store;
    this.permissions = permissions;
    this.channels = channels;
    this.clock = clock;
  }

  @Override
  public void optOut(Recipient recipient, String category) {
    put(recipient, category, Optional.empty(), Choice.OPT_OUT);
  }

  @Override
  public void optOut(Recipient recipient, String category, String channel) {
    put(recipient, category, Optional.of(known(channel)), Choice.OPT_OUT);
  }

  @Override
  public void optIn(Recipient recipient, String category) {
    put(recipient, category, Optional.empty(), Choice.OPT_IN);
  }

  @Override
  public void optIn(Recipient recipient, String category, String channel) {
    put(recipient, category, Optional.of(known(channel)), Choice.OPT_IN);
  }

  private ChannelId known(String channel) {
    ChannelId id = ChannelId.of(channel);
    channels.get(id);
    return id;
  }

  private void put(
      Recipient recipient, String category, Optional<ChannelId> channel, Choice choice) {
    store.put(new Preference(recipient, category, channel, choice, nextInstant()));
  }

  /** What is said in one millisecond is still said one after the other. */
  private Instant nextInstant() {
    long now = clock.millis();
    return Instant.ofEpochMilli(lastMillis.updateAndGet(last -> now > last ? now : last + 1));
  }

  @Override
  public Optional<Preference> find(Recipient recipient, String category) {
    return store.find(recipient, category, Optional.empty());
  }

  @Override
  public Optional<Preference> find(Recipient recipient, String category, String channel) {
    return store.find(recipient, category, Optional.of(ChannelId.of(channel)));
  }

  @Override
  public boolean allows(Recipient recipient, String category, String channel) {
    return permissions.objection(recipient, category, ChannelId.of(channel)).isEmpty();
  }

  @Override
  public Page<Preference> list(PreferenceQuery query) {
    return store.list(query);
  }

  @Override
  public boolean forget(Recipient recipient, String category) {
    return store.remove(recipient, category, Optional.empty());
  }

  @Override
  public boolean forget(Recipient recipient, String category, String channel) {
    return store.remove(recipient, category, Optional.of(ChannelId.of(channel)));
  }

  @Override
  public int erase(Recipient recipient) {
    return store.erase(recipient);
  }
}
