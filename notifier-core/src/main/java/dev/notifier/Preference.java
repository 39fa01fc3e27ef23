package dev.notifier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * What a recipient wants, or does not want, to hear of.
 *
 * @param recipient who; of the recipient only what {@link Recipient#key()} tells
 * @param category the category of notifications, or {@link #EVERY_CATEGORY}
 * @param channel on which channel; empty for all
 * @param choice in or out
 * @param since when the recipient said so, cut to milliseconds
 */
public record Preference(
    Recipient recipient,
    String category,
    Optional<ChannelId> channel,
    Choice choice,
    Instant since) {
  /** Stands for all categories, also those that nobody has thought of yet. */
  public static final String EVERY_CATEGORY = "*";

  /**
   * Creates the preference.
   *
   * @throws InvalidNotificationException if the category breaks the rule of {@link
   *     Notification.Builder#category}
   */
  public Preference {
    recipient = recipient.keyOnly();
    if (!category.equals(EVERY_CATEGORY)) {
      Categories.check(category);
    }
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(choice, "choice");
    since = Objects.requireNonNull(since, "since").truncatedTo(ChronoUnit.MILLIS);
  }

  /** In or out. */
  public enum Choice {
    /** The recipient does not want it. */
    OPT_OUT,
    /** The recipient wants it. */
    OPT_IN
  }

  /** Tells whether it is about notifications of this category on this channel. */
  public boolean covers(String category, ChannelId channel) {
    return (this.category.equals(EVERY_CATEGORY) || this.category.equals(category))
        && this.channel.map(channel::equals).orElse(true);
  }

  /** Tells whether the other covers all that this covers. */
  public boolean isWithin(Preference other) {
    return (other.category.equals(EVERY_CATEGORY) || other.category.equals(category))
        && (other.channel.isEmpty() || other.channel.equals(channel));
  }
}
