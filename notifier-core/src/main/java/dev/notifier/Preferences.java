package dev.notifier;

import java.util.Optional;

/**
 * What recipients want to hear of: for each category of notifications and each channel, in or out.
 *
 * <p>A notification that has a {@linkplain Notification.Builder#category category} skips a channel
 * on which its recipient has opted out of that: it takes the next channel of its route, and is
 * SUPPRESSED when there is none. One that is {@linkplain Notification.Builder#transactional
 * transactional} or CRITICAL is sent all the same; so is one without category, for which nothing is
 * looked up.
 *
 * <p>An opt-out holds until the recipient opts in, later, to the same thing or a part of it: who
 * opts out of everything and then into {@code news} gets {@code news}; who opts out of {@code news}
 * by SMS and then into {@code news} gets it, but not by SMS. Without any word of the recipient's a
 * category is sent, unless it {@linkplain NotifierBuilder#requireOptIn requires an opt-in}.
 *
 * <p>A recipient is known by its {@link Recipient#key()}: by its name, or by its address if it has
 * none. A change counts for every attempt that begins after it: here at once, and within about a
 * second on other processes that share the store.
 *
 * <p>Thread-safe. Every method throws {@link StoreException} if the store cannot answer, and {@link
 * InvalidNotificationException} if a category or the name of a channel breaks its rule.
 */
public interface Preferences {
  /**
   * Notes that a recipient does not want a category on any channel.
   *
   * @param category a category, or {@link Preference#EVERY_CATEGORY}
   */
  void optOut(Recipient recipient, String category);

  /**
   * Notes that a recipient does not want a category on a channel.
   *
   * @param category a category, or {@link Preference#EVERY_CATEGORY}
   * @throws UnknownChannelException if the channel is not there
   */
  void optOut(Recipient recipient, String category, String channel);

  /**
   * Notes that a recipient wants a category on every channel.
   *
   * @param category a category, or {@link Preference#EVERY_CATEGORY}
   */
  void optIn(Recipient recipient, String category);

  /**
   * Notes that a recipient wants a category on a channel.
   *
   * @param category a category, or {@link Preference#EVERY_CATEGORY}
   * @throws UnknownChannelException if the channel is not there
   */
  void optIn(Recipient recipient, String category, String channel);

  /** Returns what a recipient said about a category on all channels, if anything. */
  Optional<Preference> find(Recipient recipient, String category);

  /** Returns what a recipient said about a category on this very channel, if anything. */
  Optional<Preference> find(Recipient recipient, String category, String channel);

  /** Tells whether a notification of this category may be sent on this channel, all considered. */
  boolean allows(Recipient recipient, String category, String channel);

  /**
   * Returns a page of preferences, in an order that does not change: none comes twice, and none
   * that stays is missed.
   *
   * @throws IllegalArgumentException if the cursor is not what a page gave
   */
  Page<Preference> list(PreferenceQuery query);

  /**
   * Forgets what a recipient said about a category on all channels.
   *
   * @return whether there was anything
   */
  boolean forget(Recipient recipient, String category);

  /**
   * Forgets what a recipient said about a category on this very channel.
   *
   * @return whether there was anything
   */
  boolean forget(Recipient recipient, String category, String channel);

  /**
   * Erases all that a recipient ever said, as if it had never been. An opt-out is gone too.
   *
   * @return how many preferences there were
   */
  int erase(Recipient recipient);
}
