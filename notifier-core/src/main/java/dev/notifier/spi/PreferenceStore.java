package dev.notifier.spi;

import dev.notifier.ChannelId;
import dev.notifier.Page;
import dev.notifier.Preference;
import dev.notifier.PreferenceQuery;
import dev.notifier.Recipient;
import java.util.List;
import java.util.Optional;

/**
 * Holds what recipients want to hear of, for one notifier or for many that share it. Recipients are
 * told apart by their {@link Recipient#key()}.
 *
 * <p>Thread-safe. Every method throws {@link dev.notifier.StoreException} if the store cannot
 * answer within a bounded time; then nothing was changed, or the change may be repeated. No method
 * calls back into the engine.
 */
public interface PreferenceStore {
  /** Keeps a preference, in place of the one about the same recipient, category and channel. */
  void put(Preference preference);

  /** Returns the preference about exactly this. */
  Optional<Preference> find(Recipient recipient, String category, Optional<ChannelId> channel);

  /**
   * Returns all preferences that {@linkplain Preference#covers cover} this, in any order. Called
   * before every attempt for a notification that has a category: most recipients should cost
   * nothing. What another process has written may be seen late, by about a second.
   */
  List<Preference> covering(Recipient recipient, String category, ChannelId channel);

  /**
   * Returns the preferences that the query matches, at most a page of them and in bounded time,
   * however many there are: a page may be short, or empty, and have a cursor. The order is the
   * store's, and the same for ever.
   *
   * @throws IllegalArgumentException if the cursor is none of this store's
   */
  Page<Preference> list(PreferenceQuery query);

  /**
   * Forgets the preference about exactly this.
   *
   * @return whether there was one
   */
  boolean remove(Recipient recipient, String category, Optional<ChannelId> channel);

  /**
   * Erases all preferences of a recipient; nothing stays that tells of them.
   *
   * @return how many there were
   */
  int erase(Recipient recipient);
}
