package dev.notifier.internal.schedule;

import dev.notifier.LaneFullException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotifierClosedException;
import dev.notifier.NotifierException;
import dev.notifier.ScheduleReport;
import dev.notifier.StoreException;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the runs of schedules that are due. Each run is one step of the store that advances the
 * schedule and takes its notification; of many notifiers that try, one succeeds.
 *
 * <p>One thread at a time makes runs; anybody may wake it.
 */
public final class Scheduler {
  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** So that what others change, and a wall clock that was set, is noticed. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private static final Duration TROUBLE_WAIT = Duration.ofSeconds(1);
  private static final int MOST_AT_ONCE = 1000;

  private final ScheduleStore store;
  private final RunIntake intake;
  private final RunNotifications notifications;
  private final InstantSource clock;
  private volatile Instant restsUntil = Instant.MIN; // after trouble, so that it does not spin

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition change = lock.newCondition();
  private boolean changed; // Guarded by lock.
  private volatile boolean stopped; // Written under lock.

  /** Creates a scheduler; nothing happens before it is run or stepped. */
  public Scheduler(
      ScheduleStore store, RunIntake intake, RunNotifications notifications, InstantSource clock) {
    this.store = store;
    this.intake = intake;
    this.notifications = notifications;
    this.clock = clock;
  }

  // --- On a thread of its own -------------------------------------------------------------------

  /** Makes runs when they are due, until it is stopped. */
  public void run() {
    while (!stopped) {
      try {
        runDue();
        awaitNext();
      } catch (InterruptedException e) {
        // Only stop() ends it; a flag that foreign code left behind does not.
      } catch (Throwable e) { // a dead scheduler would be missed only when nothing arrives
        rest();
        log.error("schedules could not be run: this is a bug; they are tried again", e);
      }
    }
  }

  private void awaitNext() throws InterruptedException {
    long remaining = nanosUntilNext();
    lock.lockInterruptibly();
    try {
      while (!changed && !stopped && remaining > 0) {
        remaining = change.awaitNanos(remaining);
      }
      changed = false;
    } finally {
      lock.unlock();
    }
  }

  /** Returns for how long nothing can be due, unless {@link #changed} says otherwise. */
  private long nanosUntilNext() {
    Optional<Instant> next = nextDue();
    if (next.isEmpty() && !store.isShared()) {
      return Long.MAX_VALUE;
    }
    return next.map(due -> Duration.between(clock.instant(), due))
        .filter(wait -> wait.compareTo(LONGEST_WAIT) < 0)
        .orElse(LONGEST_WAIT)
        .toNanos();
  }

  /** Tells that a schedule was changed: its next run may come earlier. */
  public void changed() {
    lock.lock();
    try {
      changed = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends it after the run that it is making. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      change.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets nobody hand in what will never run.
   *
   * @throws NotifierClosedException if it was stopped
   */
  void checkNotStopped() {
    if (stopped) {
      throw new NotifierClosedException("the notifier is closed: its schedules cannot be changed");
    }
  }

  // --- Step by step -----------------------------------------------------------------------------

  /** Returns when the next run is due; in the past if one is due already. */
  public Optional<Instant> nextDue() {
    if (isResting(clock.instant())) {
      return Optional.of(restsUntil);
    }
    try {
      return store.nextDue();
    } catch (StoreException e) {
      logTrouble(e);
      return Optional.of(rest());
    }
  }

  private boolean isResting(Instant now) {
    return now.isBefore(restsUntil);
  }

  /**
   * Makes every run that is due now.
   *
   * @return how many this notifier made
   */
  public int runDue() {
    Instant now = clock.instant();
    if (stopped || isResting(now)) {
      return 0;
    }
    try {
      return isDue(now) ? runAll(store.due(now, MOST_AT_ONCE), now) : 0;
    } catch (StoreException e) {
      logTrouble(e);
      rest();
      return 0;
    }
  }

  private boolean isDue(Instant now) {
    return store.nextDue().filter(due -> !due.isAfter(now)).isPresent();
  }

  private int runAll(List<StoredSchedule> due, Instant now) {
    int made = 0;
    for (StoredSchedule schedule : due) {
      if (stopped) {
        return made;
      }
      made += makeRuns(schedule, now);
    }
    return made;
  }

  private int makeRuns(StoredSchedule schedule, Instant now) {
    try {
      return makeRuns(schedule, DueRuns.of(schedule.report(), now), now);
    } catch (Throwable e) { // one schedule in trouble must not hold up the others
      rest();
      log.error("schedule {} could not be run; it is tried again", schedule.name(), e);
      return 0;
    }
  }

  private int makeRuns(StoredSchedule schedule, List<Instant> times, Instant now) {
    if (times.isEmpty()) {
      store.replace(schedule.changed(Changes.skippedTo(schedule.report(), now)));
      return 0;
    }
    StoredSchedule current = schedule;
    for (int i = 0; i < times.size(); i++) {
      Optional<Instant> next =
          i + 1 < times.size()
              ? Optional.of(times.get(i + 1))
              : schedule.report().schedule().nextAfter(times.get(i));
      Optional<StoredSchedule> after = makeRun(current, times.get(i), next);
      if (after.isEmpty()) {
        return i; // another notifier has it, or it is tried again
      }
      current = after.get();
    }
    return times.size();
  }

  /** Returns the schedule after the run; empty if this notifier did not get to make it. */
  private Optional<StoredSchedule> makeRun(
      StoredSchedule schedule, Instant time, Optional<Instant> next) {
    ScheduleReport before = schedule.report();
    try {
      Notification notification = notifications.at(time, before.schedule());
      NotificationId id = StoredSchedule.runId(schedule.name(), time, clock.instant());
      StoredSchedule after = schedule.changed(Changes.ran(before, time, id, next));
      boolean made = intake.accept(id, notification, run -> store.advance(after, run));
      return made ? Optional.of(after) : Optional.empty();
    } catch (LaneFullException | StoreException | NotifierClosedException e) {
      rest();
      log.warn(
          "the run of schedule {} at {} has to wait: {}", schedule.name(), time, e.getMessage());
      return Optional.empty();
    } catch (Throwable e) { // a channel's check is foreign code; the other runs are innocent
      return refuse(schedule, time, problem(e), next);
    }
  }

  private Optional<StoredSchedule> refuse(
      StoredSchedule schedule, Instant time, String problem, Optional<Instant> next) {
    StoredSchedule after =
        schedule.changed(Changes.refused(schedule.report(), time, problem, next));
    if (!store.replace(after)) {
      return Optional.empty();
    }
    log.error(
        "the run of schedule {} at {} was refused; schedules().find(...) tells why",
        schedule.name(),
        time);
    return Optional.of(after);
  }

  /** The words of foreign code may quote what nobody may read. */
  private static String problem(Throwable failure) {
    return failure instanceof NotifierException
        ? String.valueOf(failure.getMessage())
        : "a check failed with " + failure.getClass().getName();
  }

  private Instant rest() {
    restsUntil = clock.instant().plus(TROUBLE_WAIT);
    return restsUntil;
  }

  private static void logTrouble(StoreException e) {
    log.error("the store failed; schedules are looked at again in a second", e);
  }
}
