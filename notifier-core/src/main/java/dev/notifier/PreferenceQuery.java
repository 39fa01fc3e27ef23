package dev.notifier;

import java.util.Objects;
import java.util.Optional;

/**
 * Which preferences to list, in pages. Immutable.
 *
 * @param recipient only this recipient's
 * @param category only those that name this category
 * @param cursor where to go on: what {@link Page#next()} gave
 * @param limit how many at most, from 1 to 1,000
 */
public record PreferenceQuery(
    Optional<Recipient> recipient, Optional<String> category, Optional<String> cursor, int limit) {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  /**
   * Creates the query.
   *
   * @throws IllegalArgumentException if the limit is not from 1 to 1,000
   */
  public PreferenceQuery {
    recipient = recipient.map(Recipient::keyOnly);
    Objects.requireNonNull(category, "category");
    Objects.requireNonNull(cursor, "cursor");
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
  }

  /** Returns the first page, of 100, of all preferences. */
  public static PreferenceQuery all() {
    return new PreferenceQuery(Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_LIMIT);
  }

  /** Returns this query for one recipient. */
  public PreferenceQuery recipient(Recipient recipient) {
    return new PreferenceQuery(Optional.of(recipient), category, cursor, limit);
  }

  /** Returns this query for one category, or {@link Preference#EVERY_CATEGORY}. */
  public PreferenceQuery category(String category) {
    return new PreferenceQuery(recipient, Optional.of(category), cursor, limit);
  }

  /** Returns this query for the page that follows. */
  public PreferenceQuery after(String cursor) {
    return new PreferenceQuery(recipient, category, Optional.of(cursor), limit);
  }

  /** Returns this query with pages of at most this many. */
  public PreferenceQuery limit(int limit) {
    return new PreferenceQuery(recipient, category, cursor, limit);
  }

  /** Tells whether a preference is one to list, wherever the last page ended. */
  public boolean matches(Preference preference) {
    return recipient.map(wanted -> wanted.equals(preference.recipient())).orElse(true)
        && category.map(preference.category()::equals).orElse(true);
  }
}
