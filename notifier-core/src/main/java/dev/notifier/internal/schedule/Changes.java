package dev.notifier.internal.schedule;

import dev.notifier.NotificationId;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.LastRun;
import dev.notifier.ScheduleReport.State;
import java.time.Instant;
import java.util.Optional;

/** What a schedule may go through, each as the report before and the one after. */
final class Changes {
  private Changes() {}

  static ScheduleReport created(Schedule schedule, Instant now) {
    return active(schedule, schedule.nextAfter(now), 0, Optional.empty());
  }

  static ScheduleReport rescheduled(ScheduleReport before, Schedule schedule, Instant now) {
    ScheduleReport after =
        active(schedule, schedule.nextAfter(now), before.runs(), before.lastRun());
    return before.state() == State.PAUSED && after.state() == State.ACTIVE ? paused(after) : after;
  }

  static ScheduleReport paused(ScheduleReport before) {
    return before.state() == State.ACTIVE
        ? new ScheduleReport(
            before.schedule(), State.PAUSED, Optional.empty(), before.runs(), before.lastRun())
        : before;
  }

  static ScheduleReport resumed(ScheduleReport before, Instant now) {
    return before.state() == State.PAUSED ? skippedTo(before, now) : before;
  }

  /** Goes on with the first run after {@code now}. */
  static ScheduleReport skippedTo(ScheduleReport before, Instant now) {
    Schedule schedule = before.schedule();
    return active(schedule, schedule.nextAfter(now), before.runs(), before.lastRun());
  }

  static ScheduleReport ran(
      ScheduleReport before, Instant time, NotificationId id, Optional<Instant> next) {
    LastRun run = new LastRun(time, Optional.of(id), Optional.empty());
    return active(before.schedule(), next, before.runs() + 1, Optional.of(run));
  }

  static ScheduleReport refused(
      ScheduleReport before, Instant time, String problem, Optional<Instant> next) {
    LastRun run = new LastRun(time, Optional.empty(), Optional.of(problem));
    return active(before.schedule(), next, before.runs() + 1, Optional.of(run));
  }

  private static ScheduleReport active(
      Schedule schedule, Optional<Instant> next, long runs, Optional<LastRun> last) {
    boolean mayRun = runs < schedule.maxRuns().orElse(Long.MAX_VALUE);
    Optional<Instant> nextRun = mayRun ? next : Optional.empty();
    State state = nextRun.isPresent() ? State.ACTIVE : State.ENDED;
    return new ScheduleReport(schedule, state, nextRun, runs, last);
  }
}
