package dev.notifier;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known of one batch, whoever sends it: a snapshot.
 *
 * @param id its id; see {@link BatchRun#id()}
 * @param state where it stands
 * @param isAtomic whether all of it was accepted at once
 * @param startedAt when the first item was read
 * @param finishedAt when the last delivery was settled; empty before
 * @param progress the counts. What history has forgotten is counted no more in a store that counts
 *     its rows.
 */
public record BatchReport(
    String id,
    State state,
    boolean isAtomic,
    Instant startedAt,
    Optional<Instant> finishedAt,
    BatchProgress progress) {
  private static final Pattern SHAPE = Pattern.compile("[89ab][0-9a-f]{15}");

  /** Where a batch stands. */
  public enum State {
    /** Its items are being read and accepted. */
    READING,
    /** Every item was read; not every delivery is settled. */
    SENDING,
    /** Every item was read, and every delivery is settled. */
    FINISHED,
    /**
     * It ended before its last item: its source failed, or the process that read it died. What was
     * accepted is delivered; {@link BatchProgress#problem} says what happened.
     */
    INTERRUPTED,
    /** The application has cancelled it; what was sent already stays sent. */
    CANCELLED
  }

  /** Returns the id of the batch to which a notification belongs if it belongs to one. */
  public static String idOf(NotificationId notification) {
    return HexFormat.of().toHexDigits(notification.value().getLeastSignificantBits());
  }

  /**
   * Returns what all ids of the notifications of a batch end with, for authors of stores.
   *
   * @throws IllegalArgumentException if it is no id of a batch
   */
  public static long groupOf(String id) {
    if (!SHAPE.matcher(Objects.requireNonNull(id, "id")).matches()) {
      throw new IllegalArgumentException(
          "a batch id must be the 16 hexadecimal digits that BatchRun.id() gave, but was "
              + Quoted.of(id));
    }
    return HexFormat.fromHexDigitsToLong(id);
  }
}
