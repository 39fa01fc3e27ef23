package dev.notifier.internal.schedule;

import dev.notifier.InvalidScheduleException;
import dev.notifier.Notification;
import dev.notifier.Schedule;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/**
 * What a schedule sends at a run: its notification as it was created, with what the application
 * gives its template anew.
 *
 * @param dataBySchedule what makes the data, by the name of the schedule
 */
public record RunNotifications(
    Map<String, Function<? super Instant, ? extends Map<String, ?>>> dataBySchedule) {
  /** Nothing is given anew. */
  public static final RunNotifications AS_CREATED = new RunNotifications(Map.of());

  /** Creates it with a copy of the map. */
  public RunNotifications {
    dataBySchedule = Map.copyOf(dataBySchedule);
  }

  /**
   * Returns what is sent at a run.
   *
   * @throws InvalidScheduleException if the data of the run cannot be made
   */
  Notification at(Instant run, Schedule schedule) {
    Function<? super Instant, ? extends Map<String, ?>> data = dataBySchedule.get(schedule.name());
    if (data == null) {
      return schedule.notification();
    }
    checkTemplate(schedule);
    return schedule.notification().withTemplateData(made(data, run, schedule.name()));
  }

  private static void checkTemplate(Schedule schedule) {
    if (schedule.notification().template().isEmpty()) {
      throw new InvalidScheduleException(
          "there is scheduleData(\""
              + schedule.name()
              + "\", …), but the notification of this schedule names no template to fill: call"
              + " template(name, data) on it, or leave scheduleData out");
    }
  }

  private static Map<String, ?> made(
      Function<? super Instant, ? extends Map<String, ?>> data, Instant run, String schedule) {
    Map<String, ?> made;
    try {
      made = data.apply(run);
    } catch (RuntimeException e) { // whose words may quote what nobody may read
      throw new InvalidScheduleException(
          "scheduleData(\"" + schedule + "\", …) threw " + e.getClass().getName());
    }
    if (made == null) {
      throw new InvalidScheduleException("scheduleData(\"" + schedule + "\", …) returned null");
    }
    return made;
  }
}
