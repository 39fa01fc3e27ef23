package dev.notifier.internal.store;

import dev.notifier.StoreException;
import dev.notifier.spi.ScheduleStore;
import dev.notifier.spi.StoredSchedule;
import dev.notifier.spi.Submission;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Keeps schedules in memory, at most 10,000. They are gone when the process ends.
 *
 * <p>Guarded by itself, also while the notification of a run is inserted: that is what makes the
 * two one step for everybody who looks here.
 */
public final class InMemoryScheduleStore implements ScheduleStore {
  private static final int MAX_SCHEDULES = 10_000;

  private final TreeMap<String, StoredSchedule> schedules = new TreeMap<>(); // Guarded by this.
  private final Consumer<Submission> notifications;

  /**
   * Creates an empty store.
   *
   * @param notifications inserts the notification of a run into the store that it belongs to
   */
  public InMemoryScheduleStore(Consumer<Submission> notifications) {
    this.notifications = notifications;
  }

  @Override
  public synchronized boolean insert(StoredSchedule schedule) {
    if (schedules.containsKey(schedule.name())) {
      return false;
    }
    if (schedules.size() >= MAX_SCHEDULES) {
      throw new StoreException(
          "there are "
              + MAX_SCHEDULES
              + " schedules, the most that memory takes: delete some, or use a store on disk",
          null);
    }
    schedules.put(schedule.name(), schedule);
    return true;
  }

  @Override
  public synchronized Optional<StoredSchedule> find(String name) {
    return Optional.ofNullable(schedules.get(name));
  }

  @Override
  public synchronized List<StoredSchedule> list(String after, int limit) {
    return schedules.tailMap(after, false).values().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<StoredSchedule> due(Instant now, int limit) {
    return active()
        .filter(schedule -> !nextRun(schedule).isAfter(now))
        .sorted(Comparator.comparing(InMemoryScheduleStore::nextRun))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Optional<Instant> nextDue() {
    return active().map(InMemoryScheduleStore::nextRun).min(Instant::compareTo);
  }

  private Stream<StoredSchedule> active() {
    return schedules.values().stream().filter(schedule -> schedule.report().nextRun().isPresent());
  }

  private static Instant nextRun(StoredSchedule schedule) {
    return schedule.report().nextRun().orElseThrow();
  }

  @Override
  public synchronized boolean replace(StoredSchedule next) {
    if (!follows(next)) {
      return false;
    }
    schedules.put(next.name(), next);
    return true;
  }

  @Override
  public synchronized boolean advance(StoredSchedule next, Submission run) {
    if (!follows(next)) {
      return false;
    }
    notifications.accept(run);
    schedules.put(next.name(), next);
    return true;
  }

  private boolean follows(StoredSchedule next) {
    StoredSchedule present = schedules.get(next.name());
    return present != null && present.version() == next.version() - 1;
  }

  @Override
  public synchronized boolean delete(String name) {
    return schedules.remove(name) != null;
  }

  @Override
  public boolean isShared() {
    return false;
  }
}
