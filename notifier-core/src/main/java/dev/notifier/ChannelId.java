package dev.notifier;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The name of a channel, such as {@code email} or {@code pager}.
 *
 * @param value 1 to 32 characters: a lower-case letter, then lower-case letters, digits or hyphens
 */
public record ChannelId(String value) implements Comparable<ChannelId> {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Shared, so that a million waiting notifications do not hold a million of the same. */
  private static final Map<String, ChannelId> WELL_KNOWN =
      Stream.of("email", "sms", "telegram", "webhook")
          .collect(Collectors.toUnmodifiableMap(id -> id, ChannelId::new));

  /**
   * Creates the id.
   *
   * @throws InvalidNotificationException if {@code value} breaks the rule above
   */
  public ChannelId {
    Objects.requireNonNull(value, "value");
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidNotificationException(
          "channel id must be a lower-case letter followed by up to 31 lower-case letters, digits"
              + " or hyphens, but was "
              + Quoted.of(value));
    }
  }

  /** Returns the id with this name. */
  public static ChannelId of(String value) {
    ChannelId shared = WELL_KNOWN.get(Objects.requireNonNull(value, "value"));
    return shared != null ? shared : new ChannelId(value);
  }

  /** Returns the ids of which there is only one object each. */
  static Collection<ChannelId> wellKnown() {
    return WELL_KNOWN.values();
  }

  /** As of any record, but nearly always both are the same object, and maps ask often. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof ChannelId id && value.equals(id.value));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(ChannelId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
