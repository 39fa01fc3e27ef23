package dev.notifier.examples;

import dev.notifier.DeliveryReport;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.Schedules;
import dev.notifier.Template;
import dev.notifier.TemplateFormat;
import dev.notifier.VariableType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends a digest on workdays at nine, and a short one each second, so that there is one to see.
 * What the short one says is asked for at each run.
 */
public final class ScheduledDigest {
  private static final int RUNS = 3;

  private ScheduledDigest() {}

  /** Runs the program. */
  public static void main(String[] arguments) throws InterruptedException {
    Settled settled = new Settled();
    AtomicInteger orders = new AtomicInteger();
    try (Notifier notifier =
        Notifier.builder()
            .channel("pager", new ConsoleChannel())
            .scheduleData("short-digest", run -> Map.of("orders", orders.addAndGet(7)))
            .listener(settled)
            .build()) {
      notifier
          .templates()
          .save(
              Template.named("digest")
                  .requires("shop")
                  .optional("orders", VariableType.NUMBER, 0)
                  .part("pager", TemplateFormat.TEXT, "{{shop}} has had {{orders}} orders")
                  .build());
      Schedules schedules = notifier.schedules();
      schedules.create(
          Schedule.cron("0 9 * * MON-FRI", "Europe/Berlin")
              .named("daily-digest")
              .sending(digest()));
      System.out.println("The daily digest will be sent at:");
      schedules.nextRuns("daily-digest", 5).forEach(time -> System.out.println("  " + time));

      schedules.create(
          Schedule.every(Duration.ofSeconds(1))
              .named("short-digest")
              .atMost(RUNS)
              .sending(digest()));
      settled.await();
      schedules.list(10).forEach(ScheduledDigest::print);
    }
  }

  private static Notification digest() {
    return Notification.to("pager:42").template("digest", Map.of("shop", "Ada's")).build();
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
