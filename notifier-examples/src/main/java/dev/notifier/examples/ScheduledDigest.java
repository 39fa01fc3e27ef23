package dev.notifier.examples;

import dev.notifier.DeliveryReport;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.Schedules;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sends a digest on workdays at nine, and a short one each second, so that there is one to see. */
public final class ScheduledDigest {
  private static final int RUNS = 3;

  private ScheduledDigest() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws InterruptedException {
    Settled settled = new Settled();
    try (Notifier notifier =
        Notifier.builder().channel("pager", new ConsoleChannel()).listener(settled).build()) {
      Schedules schedules = notifier.schedules();
      schedules.create(
          Schedule.cron("0 9 * * MON-FRI", "Europe/Berlin")
              .named("daily-digest")
              .sending(digest("This is your daily digest.")));
      System.out.println("The daily digest will be sent at:");
      schedules.nextRuns("daily-digest", 5).forEach(time -> System.out.println("  " + time));

      schedules.create(
          Schedule.every(Duration.ofSeconds(1))
              .named("short-digest")
              .atMost(RUNS)
              .sending(digest("Nothing happened in the last second.")));
      settled.await();
      schedules.list(10).forEach(ScheduledDigest::print);
    }
  }

  private static Notification digest(String text) {
    return Notification.to("pager:42").text(text).build();
  }

  private static void print(ScheduleReport report) {
    System.out.printf(
        "%s is %s after %d runs; the last one: %s%n",
        report.schedule().name(),
        report.state(),
        report.runs(),
        report
            .lastRun()
            .flatMap(ScheduleReport.LastRun::notification)
            .map(String::valueOf)
            .orElse("-"));
  }

  /** Waits for the runs that are to be seen. */
  private static final class Settled implements NotificationListener {
    private final CountDownLatch runs = new CountDownLatch(RUNS);

    @Override
    public void settled(NotificationId id, DeliveryReport delivery) {
      runs.countDown();
    }

    void await() throws InterruptedException {
      runs.await(30, TimeUnit.SECONDS);
    }
  }
}
