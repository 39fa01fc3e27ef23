package dev.notifier.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Holds schedules, for one notifier or for many that share it. It decides which of them makes a
 * run: every change names the version that it was made from, and only one change of a version
 * succeeds.
 *
 * <p>Thread-safe. Every method throws {@link dev.notifier.StoreException} if the store cannot
 * answer within a bounded time; then nothing was changed, or, where a write was lost on its way
 * back, a repeat of it returns false. No method calls back into the engine.
 */
public interface ScheduleStore {
  /**
   * Adds a schedule.
   *
   * @return false if there is one of its name, which stays as it is
   */
  boolean insert(StoredSchedule schedule);

  /** Returns the schedule of this name; case matters. */
  Optional<StoredSchedule> find(String name);

  /**
   * Returns the schedules whose names come after this one, in the order of {@link
   * String#compareTo}; names are ASCII.
   */
  List<StoredSchedule> list(String after, int limit);

  /** Returns the ACTIVE schedules whose next run is not after {@code now}, the earliest first. */
  List<StoredSchedule> due(Instant now, int limit);

  /** Returns the earliest next run of all ACTIVE schedules. Asked once a second: keep it cheap. */
  Optional<Instant> nextDue();

  /**
   * Replaces a schedule by what follows it.
   *
   * @return false if the version before {@code next} is not there any more: somebody else has
   *     changed or deleted it
   */
  boolean replace(StoredSchedule next);

  /**
   * Does what {@link #replace} does, and takes the notification of the run that led to {@code next}
   * as {@link NotificationStore#insert} does: both or neither, in one transaction where the store
   * has them. This makes each run happen once, though a process may end at any point.
   *
   * <p>A store that cannot do both in one step inserts first and advances then. A crash in between
   * leaves a schedule that is due again, whose run has the same id ({@link StoredSchedule#runId});
   * such a store must not insert the id of a notification that it has, but only advance.
   *
   * @param run the notification; it has no idempotency key
   * @return false if the version before {@code next} is not there any more; then {@code run} was
   *     not taken
   */
  boolean advance(StoredSchedule next, Submission run);

  /**
   * Deletes a schedule.
   *
   * @return whether it was there
   */
  boolean delete(String name);

  /**
   * Tells whether others may change what is in this store. If so, a notifier looks for changes once
   * a second; if not, only when it made one itself.
   */
  default boolean isShared() {
    return true;
  }
}
