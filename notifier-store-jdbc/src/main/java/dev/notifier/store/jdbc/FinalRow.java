package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.DeliveryStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a delivery ended: what moves it from the queue to the history.
 *
 * @param key its key
 * @param place where its row was when this node got it, if it knows: see {@link Places}
 * @param fence the fence under which this node holds it
 * @param status how it ended
 * @param reason why, as its column takes it
 * @param settledAt when, in epoch milliseconds
 * @param lane the channel that had it last
 * @param step that channel's position in the leg
 * @param attempts how many attempts were made on that channel
 * @param made how many attempts were made in all
 * @param only the one attempt that succeeded at once; null if it went otherwise
 * @param unwritten the attempts that are to be written with it
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record FinalRow(
    byte[] key,
    long place,
    int fence,
    DeliveryStatus status,
    String reason,
    long settledAt,
    String lane,
    int step,
    int attempts,
    int made,
    @Nullable AttemptReport only,
    List<AttemptRow> unwritten) {
  static final String CANCELLED = "cancelled by the application";

  /** Returns the end of a free row that is to be taken and cancelled. */
  static FinalRow cancelled(
      byte[] key, int freeFence, long at, String lane, int step, int attempts, int made) {
    return new FinalRow(
        key,
        Places.UNKNOWN,
        freeFence + 1, // when it is taken
        DeliveryStatus.CANCELLED,
        CANCELLED,
        at,
        lane,
        step,
        attempts,
        made,
        null,
        List.of());
  }

  @Nullable Long startedAt() {
    return only == null ? null : only.startedAt().toEpochMilli();
  }

  @Nullable Integer latency() {
    return only == null ? null : AttemptCodec.latency(only);
  }

  /** Returns the provider's id of the message: the one of the attempt that succeeded. */
  @Nullable String providerId() {
    if (only != null) {
      return AttemptCodec.providerId(only.result());
    }
    return unwritten.isEmpty()
        ? null
        : AttemptCodec.providerId(unwritten.get(unwritten.size() - 1).attempt().result());
  }
}
