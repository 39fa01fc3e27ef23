package dev.notifier;

import java.util.Objects;
import java.util.Optional;

/**
 * Which suppressions to list, in pages, the newest first. Immutable.
 *
 * @param channel only those that are about this channel alone
 * @param source only those that come from there
 * @param cursor where to go on: what {@link Page#next()} gave
 * @param limit how many at most, from 1 to 1,000
 */
public record SuppressionQuery(
    Optional<ChannelId> channel,
    Optional<Suppression.Source> source,
    Optional<String> cursor,
    int limit) {
  private static final int DEFAULT_LIMIT = 100;
  static final int MAX_LIMIT = 1000;

  /**
   * Creates the query.
   *
   * @throws IllegalArgumentException if the limit is not from 1 to 1,000
   */
  public SuppressionQuery {
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(cursor, "cursor");
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
  }

  /** Returns the first page, of 100, of all suppressions. */
  public static SuppressionQuery all() {
    return new SuppressionQuery(
        Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_LIMIT);
  }

  /** Returns this query for what is suppressed on this channel alone. */
  public SuppressionQuery channel(String id) {
    return new SuppressionQuery(Optional.of(ChannelId.of(id)), source, cursor, limit);
  }

  /** Returns this query for what comes from this source. */
  public SuppressionQuery source(Suppression.Source source) {
    return new SuppressionQuery(channel, Optional.of(source), cursor, limit);
  }

  /** Returns this query for the page that follows. */
  public SuppressionQuery after(String cursor) {
    return new SuppressionQuery(channel, source, Optional.of(cursor), limit);
  }

  /** Returns this query with pages of at most this many. */
  public SuppressionQuery limit(int limit) {
    return new SuppressionQuery(channel, source, cursor, limit);
  }

  /** Tells whether a suppression is one to list, wherever the last page ended. */
  public boolean matches(Suppression suppression) {
    return (channel.isEmpty() || channel.equals(suppression.target().channel()))
        && source.map(wanted -> wanted == suppression.source()).orElse(true);
  }
}
