package dev.notifier;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is sent again and again. Each run happens once, whatever the number of notifiers that share
 * the store, and is a notification of its own. Thread-safe.
 *
 * <p>Every method throws {@link StoreException} if the store cannot answer. A method that names a
 * schedule throws {@link InvalidScheduleException} if there is none of that name, unless it says
 * otherwise.
 */
public interface Schedules {
  /**
   * Creates a schedule.
   *
   * @throws InvalidScheduleException if there is one of its name, or it would never run, because
   *     its end has passed or no time of it comes before
   * @throws InvalidNotificationException if a channel refuses its notification
   * @throws UnknownChannelException if its notification names a channel that is not there
   */
  ScheduleReport create(Schedule schedule);

  /**
   * Creates a schedule unless there is one of its name, as applications do when they start.
   *
   * @return what is there now, which may differ from {@code schedule}
   * @throws InvalidScheduleException as {@link #create} does, but for the name
   */
  ScheduleReport createIfAbsent(Schedule schedule);

  /** Returns what is known of a schedule; empty if there is none of that name. */
  Optional<ScheduleReport> find(String name);

  /**
   * Returns the first schedules by name.
   *
   * @param limit from 1 to 10,000
   */
  default List<ScheduleReport> list(int limit) {
    return list("", limit);
  }

  /**
   * Returns the schedules that come next by name, in the order of {@link String#compareTo}.
   *
   * @param after the name of the last one on the page before
   * @param limit from 1 to 10,000
   */
  List<ScheduleReport> list(String after, int limit);

  /**
   * Returns when a schedule runs next, if nothing changes; nothing while it is paused.
   *
   * @param limit from 1 to 10,000
   */
  List<Instant> nextRuns(String name, int limit);

  /** Lets a schedule rest. What is due meanwhile is never made up for. */
  ScheduleReport pause(String name);

  /** Lets a schedule go on after a pause, with the first run that is due from now on. */
  ScheduleReport resume(String name);

  /**
   * Replaces the schedule of the same name. It keeps the number of its runs, the last one, and
   * whether it is paused.
   *
   * @throws InvalidScheduleException if there is none, or it would never run again
   * @throws InvalidNotificationException if a channel refuses its notification
   * @throws UnknownChannelException if its notification names a channel that is not there
   */
  ScheduleReport reschedule(Schedule schedule);

  /**
   * Deletes a schedule. What it has sent already stays.
   *
   * @return whether it was there
   */
  boolean delete(String name);
}
