package dev.notifier;

import java.util.Objects;
import java.util.UUID;

/**
 * The identity of an accepted notification: a version 7 UUID, so that ids sort by time.
 *
 * @param value the UUID
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-5.7">RFC 9562, section 5.7</a>
 */
public record NotificationId(UUID value) implements Comparable<NotificationId> {
  /** Creates the id. */
  public NotificationId {
    Objects.requireNonNull(value, "value");
  }

  /**
   * Returns the id with this text form, as {@link #toString()} gives it.
   *
   * @throws InvalidNotificationException if the text is not a UUID
   */
  public static NotificationId parse(String text) {
    try {
      return new NotificationId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidNotificationException(
          "notification id must be a UUID, but was " + Quoted.of(text));
    }
  }

  @Override
  public int compareTo(NotificationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
