package dev.notifier.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.MisfirePolicy;
import dev.notifier.Notification;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.ScheduleReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which runs are made after a delay, as a table. Every first run was due at noon. */
class DueRunsTest {
  private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");
  private static final Notification HELLO = Notification.to("pager:1").text("hello").build();

  private static MisfirePolicy policy(String text) {
    return switch (text) {
      case "once" -> MisfirePolicy.runOnce();
      case "skip" -> MisfirePolicy.skip();
      default -> MisfirePolicy.runAll(Integer.parseInt(text));
    };
  }

  private static List<Instant> runs(Schedule schedule, long runsBefore, Instant now) {
    ScheduleReport report =
        new ScheduleReport(schedule, State.ACTIVE, Optional.of(NOON), runsBefore, Optional.empty());
    return DueRuns.of(report, now);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Not yet, on time, a little late
          once | PT10M | 11:59:59.999 |
          once | PT10M | 12:00:00     | 12:00
          skip | PT10M | 12:01:00     | 12:00
          2    | PT10M | 12:00:59     | 12:00
          # On time, though several are due
          once | PT20S | 12:00:45     | 12:00 12:00:20 12:00:40
          skip | PT20S | 12:00:45     | 12:00 12:00:20 12:00:40
          1    | PT20S | 12:00:45     | 12:00 12:00:20 12:00:40
          # Missed: later than a minute
          once | PT10M | 12:01:00.001 | 12:00
          skip | PT10M | 12:01:00.001 |
          1    | PT10M | 12:01:00.001 | 12:00
          # Several missed, the latest on time
          once | PT10M | 12:30:30     | 12:30
          skip | PT10M | 12:30:30     | 12:30
          2    | PT10M | 12:30:30     | 12:20 12:30
          4    | PT10M | 12:30:30     | 12:00 12:10 12:20 12:30
          9    | PT10M | 12:30:30     | 12:00 12:10 12:20 12:30
          # All missed
          once | PT10M | 12:35        | 12:30
          skip | PT10M | 12:35        |
          3    | PT10M | 12:35        | 12:10 12:20 12:30
          skip | PT20S | 12:35:05     | 12:34:20 12:34:40 12:35
          once | PT20S | 12:35:05     | 12:35
          """)
  void delay(String policy, Duration interval, String now, String expected) {
    Schedule schedule =
        Schedule.every(interval).startingAt(NOON).onMisfire(policy(policy)).sending(HELLO);
    assertThat(runs(schedule, 0, at(now))).isEqualTo(times(expected));
  }

  private static List<Instant> times(String text) {
    return text == null ? List.of() : Stream.of(text.split(" ")).map(DueRunsTest::at).toList();
  }

  private static Instant at(String time) {
    return Instant.parse("2025-01-01T" + (time.length() == 5 ? time + ":00" : time) + "Z");
  }

  @Test
  void aYearOfSecondsIsNotCounted() {
    Schedule schedule =
        Schedule.cron("* * 12 * JAN *", "UTC").onMisfire(MisfirePolicy.runAll(3)).sending(HELLO);
    assertThat(runs(schedule, 0, Instant.parse("2035-12-31T00:00:00Z")))
        .containsExactly(
            Instant.parse("2035-01-31T12:59:57Z"),
            Instant.parse("2035-01-31T12:59:58Z"),
            Instant.parse("2035-01-31T12:59:59Z"));
  }

  @Test
  void whatWasMissedIsMadeUpForUntilTheLastRun() {
    Schedule schedule =
        Schedule.every(Duration.ofMinutes(10))
            .startingAt(NOON)
            .onMisfire(MisfirePolicy.runAll(5))
            .atMost(4)
            .sending(HELLO);
    assertThat(runs(schedule, 2, at("13:00"))).containsExactly(at("12:20"), at("12:30"));
  }

  @Test
  void nothingIsMadeUpForAfterTheEnd() {
    Schedule schedule =
        Schedule.every(Duration.ofMinutes(10))
            .startingAt(NOON)
            .endingAt(at("12:15"))
            .sending(HELLO);
    assertThat(runs(schedule, 0, at("18:00"))).containsExactly(at("12:10"));
  }

  @Test
  void aScheduleThatRestsHasNoRuns() {
    Schedule schedule = Schedule.every(Duration.ofMinutes(10)).startingAt(NOON).sending(HELLO);
    ScheduleReport paused =
        new ScheduleReport(schedule, State.PAUSED, Optional.empty(), 0, Optional.empty());
    assertThat(DueRuns.of(paused, at("18:00"))).isEmpty();
  }
}
