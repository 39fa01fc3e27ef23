package dev.notifier.spi;

import dev.notifier.BatchProgress;
import dev.notifier.BatchReport;
import dev.notifier.NotificationId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What the notifier that reads a batch tells the store of it.
 *
 * @param group the second half of the ids of all its notifications
 * @param first a notification id with that half; those of the batch are all greater
 * @param startedAt when the first item was read
 * @param isAtomic whether all of it is accepted at once
 * @param refused how many items were refused so far
 */
public record StoredBatch(
    long group, NotificationId first, Instant startedAt, boolean isAtomic, long refused) {
  /** Creates it. */
  public StoredBatch {
    Objects.requireNonNull(first, "first");
    Objects.requireNonNull(startedAt, "startedAt");
  }

  /** Returns this batch with another number of refused items. */
  public StoredBatch withRefused(long items) {
    return new StoredBatch(group, first, startedAt, isAtomic, items);
  }

  /**
   * Returns where it stands, for the store that has the counts.
   *
   * @param isRead whether nothing more is read of it
   * @param isCancelled whether the application has cancelled it
   * @param lastSettled when a delivery of it was settled last, if one was
   */
  public BatchReport report(
      boolean isRead, boolean isCancelled, BatchProgress progress, Optional<Instant> lastSettled) {
    BatchReport.State state;
    if (isCancelled) {
      state = BatchReport.State.CANCELLED;
    } else if (!progress.problem().isEmpty()) {
      state = BatchReport.State.INTERRUPTED;
    } else if (!isRead) {
      state = BatchReport.State.READING;
    } else {
      state = progress.pending() > 0 ? BatchReport.State.SENDING : BatchReport.State.FINISHED;
    }
    Optional<Instant> finished =
        progress.complete() ? lastSettled.or(() -> Optional.of(startedAt)) : Optional.empty();
    return new BatchReport(BatchReport.idOf(first), state, isAtomic, startedAt, finished, progress);
  }
}
