package dev.notifier.internal.schedule;

import dev.notifier.MisfirePolicy;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Decides which runs of a schedule are to be made now. A pure function of schedule and time. */
final class DueRuns {
  /** What is found later than this was missed, and the misfire policy decides. */
  static final Duration GRACE = Duration.ofMinutes(1);

  private DueRuns() {}

  /** Returns the times of the runs to make at {@code now}, in order; it may be none. */
  static List<Instant> of(ScheduleReport report, Instant now) {
    Optional<Instant> first = report.nextRun().filter(next -> !next.isAfter(now));
    if (first.isEmpty()) {
      return List.of();
    }
    List<Instant> due = due(report.schedule(), first.get(), now);
    long left = report.schedule().maxRuns().orElse(Long.MAX_VALUE) - report.runs();
    return due.subList(0, (int) Math.min(due.size(), left));
  }

  private static List<Instant> due(Schedule schedule, Instant first, Instant now) {
    Instant onTime = now.minus(GRACE);
    if (!first.isBefore(onTime)) {
      return from(schedule, first, now);
    }
    MisfirePolicy policy = schedule.misfirePolicy();
    return switch (policy.kind()) {
      case RUN_ONCE, RUN_ALL -> latest(schedule, first, now, policy.limit());
      case SKIP ->
          schedule
              .nextAfter(onTime.minusNanos(1))
              .filter(next -> !next.isAfter(now))
              .map(next -> from(schedule, next, now))
              .orElse(List.of());
    };
  }

  /** Returns all runs from the first until now: at most one for each second of the grace. */
  private static List<Instant> from(Schedule schedule, Instant first, Instant now) {
    List<Instant> runs = new ArrayList<>();
    Optional<Instant> next = Optional.of(first);
    while (next.isPresent() && !next.get().isAfter(now)) {
      runs.add(next.get());
      next = schedule.nextAfter(next.get());
    }
    return runs;
  }

  private static List<Instant> latest(Schedule schedule, Instant first, Instant now, int limit) {
    List<Instant> runs = new ArrayList<>();
    Instant run = latest(schedule, first, now);
    runs.add(run);
    while (runs.size() < limit && run.isAfter(first)) {
      run = latest(schedule, first, run.minusMillis(1));
      runs.add(run);
    }
    Collections.reverse(runs);
    return runs;
  }

  /**
   * Returns the latest run until then. A year may have been missed of what runs each second, so
   * that it is searched by halves: the later the instant, the later the run after it.
   */
  private static Instant latest(Schedule schedule, Instant first, Instant until) {
    Instant found = first;
    long before = first.toEpochMilli();
    long after = until.toEpochMilli();
    while (before < after) {
      long middle = before + (after - before) / 2;
      Optional<Instant> next =
          schedule.nextAfter(Instant.ofEpochMilli(middle)).filter(time -> !time.isAfter(until));
      if (next.isPresent()) {
        found = next.get();
        before = found.toEpochMilli();
      } else {
        after = middle;
      }
    }
    return found;
  }
}
