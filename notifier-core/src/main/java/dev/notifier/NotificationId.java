package dev.notifier;

import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The identity of an accepted notification: a version 7 UUID, so that ids sort by time.
 *
 * @param value the UUID
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-5.7">RFC 9562, section 5.7</a>
 */
public record NotificationId(UUID value) implements Comparable<NotificationId> {
  private static final Pattern SHAPE =
      Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L; // 2^64 / golden ratio

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
    Objects.requireNonNull(text, "text");
    if (!SHAPE.matcher(text).matches()) { // UUID.fromString takes shorter groups too
      throw new InvalidNotificationException(
          "notification id must be a UUID, such as 0193a5f2-7c4e-7b1d-9f00-1c2d3e4f5a6b, but was "
              + Quoted.of(text));
    }
    return new NotificationId(UUID.fromString(text));
  }

  /**
   * Lets ids that follow each other lie side by side in a hash table: as it is filled and emptied
   * in nearly the same order, its memory is in the processor's cache. The time, which is in the
   * upper bits, starts anew somewhere every millisecond; the counter below it goes on from there.
   */
  @Override
  public int hashCode() {
    long timeAndCounter = value.getMostSignificantBits();
    return Long.hashCode((timeAndCounter >>> 16) * SPREAD) + (int) (timeAndCounter & 0xfff);
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
