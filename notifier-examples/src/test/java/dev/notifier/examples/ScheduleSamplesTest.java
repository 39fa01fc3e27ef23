package dev.notifier.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Notification;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.testkit.ManualNotifier;
import dev.notifier.testkit.RecordingChannel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleSamplesTest {
  private final ScheduleSamples samples = new ScheduleSamples();

  @Test
  void theSamplesRun() {
    RecordingChannel email = new RecordingChannel();
    ManualNotifier notifier = ManualNotifier.create(builder -> builder.channel("email", email));
    Notification digest = Notification.to(samples.quietHours()).text("digest").build();
    List<Schedule> schedules = samples.schedules(digest, digest);
    ScheduleReport report = samples.operate(notifier, schedules.get(0));
    notifier.schedules().create(schedules.get(1));

    notifier.tick(Duration.ofDays(7)); // from Wednesday at noon, UTC

    assertThat(report.nextRun().orElseThrow()).isEqualTo("2025-01-02T08:00:00Z");
    assertThat(email.attempts()).hasSize(5);
  }
}
