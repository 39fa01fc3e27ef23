package dev.notifier;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of a schedule: a snapshot.
 *
 * @param schedule when it sends what
 * @param state whether it goes on
 * @param nextRun when it runs next; there if, and only if, it is ACTIVE
 * @param runs how often it has run
 * @param lastRun its last run, if it had one
 */
public record ScheduleReport(
    Schedule schedule,
    State state,
    Optional<Instant> nextRun,
    long runs,
    Optional<LastRun> lastRun) {

  /** Whether a schedule goes on. */
  public enum State {
    /** It will run again. */
    ACTIVE,
    /** It waits to be resumed. */
    PAUSED,
    /** Its end, or its last run, has passed; it stays until it is deleted or rescheduled. */
    ENDED
  }

  /**
   * A run of a schedule.
   *
   * @param time when it was to run, which may be before it did
   * @param notification what it sent; empty if its notification was refused
   * @param problem why its notification was refused; empty if it was not
   */
  public record LastRun(
      Instant time, Optional<NotificationId> notification, Optional<String> problem) {
    /** Creates the run. */
    public LastRun {
      Objects.requireNonNull(time, "time");
      Objects.requireNonNull(notification, "notification");
      Objects.requireNonNull(problem, "problem");
    }
  }

  /** Creates the report. */
  public ScheduleReport {
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(lastRun, "lastRun");
    if (nextRun.isPresent() != (state == State.ACTIVE)) {
      throw new IllegalArgumentException(
          "schedule " + schedule.name() + " is " + state + ", but its next run is " + nextRun);
    }
  }
}
