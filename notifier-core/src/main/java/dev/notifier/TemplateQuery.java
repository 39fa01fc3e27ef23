package dev.notifier;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Which stored templates to list, in pages ordered by name. Immutable.
 *
 * @param nameContains only those whose name contains this, whatever the case
 * @param channel only those that speak on this channel
 * @param active only those that are active, or only those that are not
 * @param after only those whose name comes after this one: the last of the page before
 * @param limit how many at most, from 1 to 1,000
 */
public record TemplateQuery(
    Optional<String> nameContains,
    Optional<ChannelId> channel,
    Optional<Boolean> active,
    Optional<String> after,
    int limit) {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;

  /**
   * Creates the query.
   *
   * @throws IllegalArgumentException if the limit is not from 1 to 1,000
   */
  public TemplateQuery {
    nameContains = nameContains.map(part -> part.toLowerCase(Locale.ROOT));
    Objects.requireNonNull(channel, "channel");
    Objects.requireNonNull(active, "active");
    Objects.requireNonNull(after, "after");
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
  }

  /** Returns the first page, of 100, of all templates. */
  public static TemplateQuery all() {
    return new TemplateQuery(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), DEFAULT_LIMIT);
  }

  /** Returns this query for names that contain this. */
  public TemplateQuery nameContains(String part) {
    return new TemplateQuery(Optional.of(part), channel, active, after, limit);
  }

  /** Returns this query for templates that speak on this channel. */
  public TemplateQuery channel(String id) {
    return new TemplateQuery(nameContains, Optional.of(ChannelId.of(id)), active, after, limit);
  }

  /** Returns this query for templates that are active, or for those that are not. */
  public TemplateQuery active(boolean active) {
    return new TemplateQuery(nameContains, channel, Optional.of(active), after, limit);
  }

  /** Returns this query for the page that follows the one that ended with this name. */
  public TemplateQuery after(String name) {
    return new TemplateQuery(nameContains, channel, active, Optional.of(name), limit);
  }

  /** Returns this query with pages of this many. */
  public TemplateQuery limit(int limit) {
    return new TemplateQuery(nameContains, channel, active, after, limit);
  }

  /** Tells whether a template belongs to the answer, but for the limit. */
  public boolean matches(TemplateSummary template) {
    return nameContains.map(template.name()::contains).orElse(true)
        && channel.map(template.channels()::contains).orElse(true)
        && active.map(wanted -> wanted == template.activeVersion().isPresent()).orElse(true)
        && after.map(name -> template.name().compareTo(name) > 0).orElse(true);
  }
}
