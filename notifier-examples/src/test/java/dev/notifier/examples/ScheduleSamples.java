package dev.notifier.examples;

import static java.time.temporal.ChronoUnit.DAYS;

import dev.notifier.MisfirePolicy;
import dev.notifier.Notification;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The code that docs/SCHEDULES.md shows. */
final class ScheduleSamples {
  Receipt sendAt(Notifier notifier) {
    // sample: sendAt
    Receipt receipt =
        notifier.send(
            Notification.to("email:ada@example.com")
                .subject("Your appointment is tomorrow")
                .text("At nine, in room 4.")
                .sendAt(LocalDateTime.parse("2030-06-01T18:00"), ZoneId.of("Europe/Berlin"))
                .build());
    // end
    return receipt;
  }

  List<Schedule> schedules(Notification digest, Notification heartbeat) {
    ZoneId zone = ZoneId.of("Europe/Berlin");
    // sample: schedules
    Schedule daily = Schedule.cron("0 9 * * MON-FRI", zone).named("daily-digest").sending(digest);

    Schedule watch =
        Schedule.every(Duration.ofMinutes(10))
            .named("heartbeat")
            .startingAt(Instant.parse("2030-01-01T00:00:00Z"))
            .endingAt(Instant.parse("2030-12-31T23:59:59Z"))
            .atMost(1_000)
            .onMisfire(MisfirePolicy.skip())
            .sending(heartbeat);
    // end
    return List.of(daily, watch);
  }

  ScheduleReport operate(Notifier notifier, Schedule daily) {
    // sample: operateSchedules
    Schedules schedules = notifier.schedules();

    schedules.createIfAbsent(daily); // at each start of the application
    schedules.nextRuns("daily-digest", 5);
    schedules.pause("daily-digest");
    schedules.resume("daily-digest");
    ScheduleReport report = schedules.find("daily-digest").orElseThrow();
    Optional<NotificationReport> sent =
        report.lastRun().flatMap(ScheduleReport.LastRun::notification).flatMap(notifier::find);
    // end
    assert sent.isEmpty();
    return report;
  }

  /** The application's own. */
  interface Orders {
    int countSince(Instant time);
  }

  NotifierBuilder scheduleData(Orders orders) {
    // sample: scheduleData
    NotifierBuilder builder =
        Notifier.builder()
            .scheduleData(
                "daily-digest", run -> Map.of("orders", orders.countSince(run.minus(1, DAYS))));
    // end
    return builder;
  }

  Recipient quietHours() {
    // sample: quietHours
    Recipient ada =
        Recipient.named("user-42")
            .email("ada@example.com")
            .quietHours(ZoneId.of("Europe/Berlin"), LocalTime.of(22, 0), LocalTime.of(7, 0));
    // end
    return ada;
  }
}
