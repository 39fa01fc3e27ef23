package dev.notifier.internal.schedule;

import dev.notifier.InvalidScheduleException;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.State;
import dev.notifier.Schedules;
import dev.notifier.StoreException;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The store's schedules, as an application sees them. Thread-safe. */
public final class StoredSchedules implements Schedules {
  private static final int MAX_LIMIT = 10_000;
  private static final String NAMES = "names have 1 to 100 ASCII letters, digits and . _ : -";

  /** Each failure means that somebody else has made a change. */
  private static final int MOST_TRIES = 100;

  private final ScheduleStore store;
  private final Scheduler scheduler;
  private final RunIntake intake;
  private final RunNotifications notifications;
  private final InstantSource clock;

  /** Creates the view. */
  public StoredSchedules(
      ScheduleStore store,
      Scheduler scheduler,
      RunIntake intake,
      RunNotifications notifications,
      InstantSource clock) {
    this.store = store;
    this.scheduler = scheduler;
    this.intake = intake;
    this.notifications = notifications;
    this.clock = clock;
  }

  // --- New --------------------------------------------------------------------------------------

  @Override
  public ScheduleReport create(Schedule schedule) {
    return insert(schedule)
        .orElseThrow(
            () ->
                new InvalidScheduleException(
                    "there is a schedule \""
                        + schedule.name()
                        + "\" already: choose another name, or call reschedule(...)"));
  }

  @Override
  public ScheduleReport createIfAbsent(Schedule schedule) {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Optional<ScheduleReport> there = find(schedule.name()).or(() -> insert(schedule));
      if (there.isPresent()) {
        return there.get();
      }
    }
    throw tooManyChanges(schedule.name());
  }

  private Optional<ScheduleReport> insert(Schedule schedule) {
    scheduler.checkNotStopped();
    Instant now = clock.instant();
    ScheduleReport created = checkRuns(Changes.created(anchored(schedule, now), now), now);
    checkFirstRun(schedule, now);
    boolean inserted = store.insert(StoredSchedule.created(created, now));
    scheduler.changed();
    return inserted ? Optional.of(created) : Optional.empty();
  }

  private void checkFirstRun(Schedule schedule, Instant now) {
    intake.check(notifications.at(schedule.nextAfter(now).orElse(now), schedule));
  }

  /** An interval needs something to count from, which must stay the same when a run is late. */
  private static Schedule anchored(Schedule schedule, Instant now) {
    boolean needsStart = schedule.interval().isPresent() && schedule.start().isEmpty();
    return needsStart
        ? schedule.nextAfter(now).map(schedule::startingAt).orElse(schedule)
        : schedule;
  }

  private static ScheduleReport checkRuns(ScheduleReport report, Instant now) {
    if (report.state() == State.ENDED) {
      throw new InvalidScheduleException(
          "schedule \""
              + report.schedule().name()
              + "\" would never run: it is "
              + now
              + ", its end "
              + report.schedule().end().map(Instant::toString).orElse("open")
              + ", and it has had "
              + report.runs()
              + " runs");
    }
    return report;
  }

  // --- Looking ----------------------------------------------------------------------------------

  @Override
  public Optional<ScheduleReport> find(String name) {
    return lookUp(name).map(StoredSchedule::report);
  }

  @Override
  public List<ScheduleReport> list(String after, int limit) {
    if (!after.isEmpty() && !Schedule.isName(after)) {
      throw new IllegalArgumentException(
          "after must be empty, or the name of the last schedule on the page before: " + NAMES);
    }
    return store.list(after, checkLimit(limit)).stream().map(StoredSchedule::report).toList();
  }

  @Override
  public List<Instant> nextRuns(String name, int limit) {
    checkLimit(limit);
    ScheduleReport report = stored(name).report();
    long left = report.schedule().maxRuns().orElse(Long.MAX_VALUE) - report.runs();
    List<Instant> runs = new ArrayList<>();
    Optional<Instant> next = report.nextRun();
    while (next.isPresent() && runs.size() < Math.min(limit, left)) {
      runs.add(next.get());
      next = report.schedule().nextAfter(next.get());
    }
    return runs;
  }

  private static int checkLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "limit must be from 1 to " + MAX_LIMIT + ", but was " + limit);
    }
    return limit;
  }

  private StoredSchedule stored(String name) {
    return lookUp(name)
        .orElseThrow(
            () ->
                new InvalidScheduleException(
                    Schedule.isName(name)
                        ? "there is no schedule \"" + name + "\": list(...) shows those there are"
                        : "there is no schedule of such a name: " + NAMES));
  }

  /** What cannot be a name is not asked for: not every database can be asked for every text. */
  private Optional<StoredSchedule> lookUp(String name) {
    return Schedule.isName(Objects.requireNonNull(name, "name"))
        ? store.find(name)
        : Optional.empty();
  }

  // --- Changing ---------------------------------------------------------------------------------

  @Override
  public ScheduleReport pause(String name) {
    return change(name, Changes::paused);
  }

  @Override
  public ScheduleReport resume(String name) {
    return change(name, before -> Changes.resumed(before, clock.instant()));
  }

  @Override
  public ScheduleReport reschedule(Schedule schedule) {
    checkFirstRun(schedule, clock.instant());
    return change(
        schedule.name(),
        before -> {
          Instant now = clock.instant();
          ScheduleReport after = Changes.rescheduled(before, anchored(schedule, now), now);
          return checkRuns(after, now);
        });
  }

  @Override
  public boolean delete(String name) {
    scheduler.checkNotStopped();
    return Schedule.isName(Objects.requireNonNull(name, "name")) && store.delete(name);
  }

  private ScheduleReport change(String name, UnaryOperator<ScheduleReport> rule) {
    scheduler.checkNotStopped();
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      StoredSchedule before = stored(name);
      ScheduleReport after = rule.apply(before.report());
      if (after.equals(before.report()) || store.replace(before.changed(after))) {
        scheduler.changed();
        return after;
      }
    }
    throw tooManyChanges(name);
  }

  private static StoreException tooManyChanges(String name) {
    return new StoreException(
        "schedule \"" + name + "\" was changed by others " + MOST_TRIES + " times meanwhile", null);
  }
}
