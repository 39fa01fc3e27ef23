package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");
  private static final Notification HELLO = Notification.to("pager:1").text("hello").build();

  private static List<Instant> next(Schedule schedule, Instant after, int count) {
    List<Instant> times = new ArrayList<>();
    Optional<Instant> next = schedule.nextAfter(after);
    while (next.isPresent() && times.size() < count) {
      times.add(next.get());
      next = schedule.nextAfter(next.get());
    }
    return times;
  }

  // --- Clock changes ----------------------------------------------------------------------------

  /** Each line: zone, expression, local time from which to look, runs with their offsets. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Spring forward at 02:00 in Berlin: a skipped time runs when the gap ends
          Europe/Berlin     | 30 2 * * *   | 2025-03-29T00:00 | 2025-03-29T02:30+01:00 2025-03-30T03:00+02:00 2025-03-31T02:30+02:00
          Europe/Berlin     | 0 2 * * *    | 2025-03-30T00:00 | 2025-03-30T03:00+02:00 2025-03-31T02:00+02:00
          Europe/Berlin     | 30 2 30 3 *  | 2025-03-30T00:00 | 2025-03-30T03:00+02:00 2026-03-30T02:30+02:00
          # What is skipped and what is due at the end of the gap is one run
          Europe/Berlin     | */30 * * * * | 2025-03-30T01:15 | 2025-03-30T01:30+01:00 2025-03-30T03:00+02:00 2025-03-30T03:30+02:00
          Europe/Berlin     | 0 2,3 * * *  | 2025-03-30T00:00 | 2025-03-30T03:00+02:00 2025-03-31T02:00+02:00
          # Fall back at 03:00 in Berlin: a repeated time runs the first time only
          Europe/Berlin     | 30 2 * * *   | 2025-10-25T00:00 | 2025-10-25T02:30+02:00 2025-10-26T02:30+02:00 2025-10-27T02:30+01:00
          Europe/Berlin     | 0 * * * *    | 2025-10-26T00:30 | 2025-10-26T01:00+02:00 2025-10-26T02:00+02:00 2025-10-26T03:00+01:00
          Europe/Berlin     | */30 * * * * | 2025-10-26T01:45 | 2025-10-26T02:00+02:00 2025-10-26T02:30+02:00 2025-10-26T03:00+01:00
          # Gaps at midnight
          America/Sao_Paulo | 0 0 * * *    | 2018-11-03T00:30 | 2018-11-04T01:00-02:00 2018-11-05T00:00-02:00
          Asia/Beirut       | @daily       | 2025-03-29T00:30 | 2025-03-30T01:00+03:00 2025-03-31T00:00+03:00
          Africa/Cairo      | 30 0 * * FRI | 2025-04-24T00:00 | 2025-04-25T01:00+03:00 2025-05-02T00:30+03:00
          America/Havana    | 0 0 * * *    | 2025-03-08T00:30 | 2025-03-09T01:00-04:00 2025-03-10T00:00-04:00
          # Midnight that comes twice
          America/Havana    | 30 0 * * *   | 2025-11-01T12:00 | 2025-11-02T00:30-04:00 2025-11-03T00:30-05:00
          America/Sao_Paulo | 30 23 * * *  | 2018-02-17T12:00 | 2018-02-17T23:30-02:00 2018-02-18T23:30-03:00
          # Half an hour, a quarter to, and a day that never was
          Australia/Lord_Howe | 15 2 * * * | 2025-10-05T00:00 | 2025-10-05T02:30+11:00 2025-10-06T02:15+11:00
          Australia/Lord_Howe | 45 1 * * * | 2025-04-06T00:00 | 2025-04-06T01:45+11:00 2025-04-07T01:45+10:30
          Pacific/Apia      | 0 12 * * *   | 2011-12-29T00:00 | 2011-12-29T12:00-10:00 2011-12-31T00:00+14:00 2011-12-31T12:00+14:00
          # Leap years
          Europe/Berlin     | 0 9 29 2 *   | 2025-01-01T00:00 | 2028-02-29T09:00+01:00 2032-02-29T09:00+01:00
          UTC               | 0 9 29 2 *   | 2097-01-01T00:00 | 2104-02-29T09:00Z
          """)
  void clockChangesAreKept(String zone, String expression, LocalDateTime from, String runs) {
    ZoneId id = ZoneId.of(zone);
    Schedule schedule = Schedule.cron(expression, id).sending(HELLO);
    List<Instant> expected =
        Stream.of(runs.split(" ")).map(text -> ZonedDateTime.parse(text).toInstant()).toList();
    assertThat(next(schedule, from.atZone(id).toInstant(), expected.size())).isEqualTo(expected);
  }

  /** Whatever the instant from which one looks, the next run is the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {"Europe/Berlin", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia"})
  void theNextRunIsTheEarliestAfterAnyInstant(String zone) {
    ZoneId id = ZoneId.of(zone);
    Schedule schedule = Schedule.cron("*/20 0-4,23 * * *", id).sending(HELLO);
    Instant start = Instant.parse("2011-01-01T00:00:00Z");
    List<Instant> runs = next(schedule, start, 40_000);
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      int index = 1 + random.nextInt(runs.size() - 1);
      long gap = Duration.between(runs.get(index - 1), runs.get(index)).toMillis();
      assertThat(gap).isPositive();
      Instant between = runs.get(index - 1).plusMillis(random.nextLong(gap));
      assertThat(schedule.nextAfter(between)).as("after %s", between).contains(runs.get(index));
    }
  }

  @Test
  void everyLocalTimeOfEachDayRunsOnce() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Schedule schedule = Schedule.cron("30 2 * * *", berlin).sending(HELLO);
    List<Instant> runs = next(schedule, Instant.parse("2020-01-01T00:00:00Z"), 3653);
    assertThat(runs.stream().map(run -> run.atZone(berlin).toLocalDate()))
        .doesNotHaveDuplicates()
        .last()
        .hasToString("2029-12-31");
  }

  // --- Intervals, start, end --------------------------------------------------------------------

  @Test
  void anIntervalCountsFromItsStart() {
    Schedule schedule = Schedule.every(Duration.ofMinutes(10)).startingAt(NOON).sending(HELLO);
    assertThat(next(schedule, NOON.minusSeconds(5), 3))
        .containsExactly(NOON, NOON.plusSeconds(600), NOON.plusSeconds(1200));
    assertThat(schedule.nextAfter(NOON.plusSeconds(601))).contains(NOON.plusSeconds(1200));
    assertThat(schedule.nextAfter(NOON.plusSeconds(599).plusNanos(999_999_999)))
        .contains(NOON.plusSeconds(600));
  }

  @Test
  void anIntervalWithoutAStartCountsFromTheGivenTime() {
    Schedule schedule = Schedule.every(Duration.ofHours(1)).sending(HELLO);
    assertThat(schedule.nextAfter(NOON)).contains(NOON.plusSeconds(3600));
  }

  @Test
  void nothingRunsBeforeTheStartOrAfterTheEnd() {
    Schedule schedule =
        Schedule.cron("0 * * * *", "UTC")
            .startingAt(NOON)
            .endingAt(NOON.plusSeconds(7200))
            .sending(HELLO);
    assertThat(next(schedule, Instant.MIN, 10))
        .containsExactly(NOON, NOON.plusSeconds(3600), NOON.plusSeconds(7200));
    assertThat(schedule.nextAfter(Instant.MAX)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1000-01-01T00:00:00Z", "-999999-01-01T00:00:00Z", "9999-12-31T23:00:00Z"})
  void anyInstantCanBeAsked(Instant after) {
    assertThat(Schedule.cron("0 9 29 2 *", "UTC").sending(HELLO).nextAfter(after))
        .isEqualTo(
            after.isAfter(NOON)
                ? Optional.empty()
                : Optional.of(Instant.parse("1972-02-29T09:00:00Z")));
    assertThat(Schedule.every(Duration.ofDays(3650)).sending(HELLO).nextAfter(after))
        .matches(next -> next.isEmpty() == after.isAfter(NOON));
  }

  @Test
  void timesAreCutToMilliseconds() {
    Schedule schedule =
        Schedule.every(Duration.ofSeconds(1)).startingAt(NOON.plusNanos(1_999_999)).sending(HELLO);
    assertThat(schedule.start()).contains(NOON.plusMillis(1));
  }

  // --- Bad input --------------------------------------------------------------------------------

  static Stream<Arguments> badInput() {
    Schedule.Builder daily = Schedule.cron("@daily", ZoneOffset.UTC);
    return Stream.of(
        bad("no time zone \"Europe/Atlantis\"", () -> Schedule.cron("@daily", "Europe/Atlantis")),
        bad("no time zone \"\"", () -> Schedule.cron("@daily", "")),
        bad("no time zone \"a\\u000ab\"", () -> Schedule.cron("@daily", "a\nb")),
        bad("\"0 0 30 2 *\" never fires", () -> Schedule.cron("0 0 30 2 *", "UTC")),
        bad("but was PT0.999S", () -> Schedule.every(Duration.ofMillis(999))),
        bad("but was PT1.0000001S", () -> Schedule.every(Duration.ofNanos(1_000_000_100))),
        bad("but was PT87624H", () -> Schedule.every(Duration.ofDays(3651))),
        bad("schedule name must be 1 to 100 ASCII", () -> daily.named("")),
        bad("but was \"a b\"", () -> daily.named("a b")),
        bad("but was \"ä\"", () -> daily.named("ä")),
        bad("…\"", () -> daily.named("x".repeat(101))),
        bad("start must be within", () -> daily.startingAt(Instant.MAX)),
        bad("end must be within", () -> daily.endingAt(Instant.EPOCH.minusNanos(1))),
        bad(
            "end must not be before start",
            () -> Schedule.cron("@daily", "UTC").startingAt(NOON).endingAt(NOON.minusSeconds(1))),
        bad(
            "end must not be before start",
            () -> Schedule.cron("@daily", "UTC").endingAt(NOON).startingAt(NOON.plusSeconds(1))),
        bad("atMost must be 1 or more, but was 0", () -> daily.atMost(0)),
        bad("RUN_ALL must be from 1 to 1000, but was 0", () -> MisfirePolicy.runAll(0)),
        bad("but was 1001", () -> MisfirePolicy.runAll(1001)),
        bad(
            "schedule \"digest\" cannot send a notification with idempotencyKey(...)",
            () ->
                Schedule.cron("@daily", "UTC")
                    .named("digest")
                    .sending(Notification.to("pager:1").text("x").idempotencyKey("once").build())),
        bad(
            "with sendAt(...)",
            () -> daily.sending(Notification.to("pager:1").text("x").sendAt(NOON).build())));
  }

  private static Arguments bad(String words, Runnable call) {
    return Arguments.of(words, call);
  }

  @ParameterizedTest
  @MethodSource
  void badInput(String words, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining(words);
  }

  @Test
  void partsCanBeReadBack() {
    Schedule schedule =
        Schedule.cron("0 9 * * MON", "Europe/Berlin")
            .named("digest")
            .startingAt(NOON)
            .endingAt(NOON.plusSeconds(60))
            .atMost(3)
            .onMisfire(MisfirePolicy.runAll(5))
            .sending(HELLO);
    assertThat(schedule.name()).isEqualTo("digest");
    assertThat(schedule.cron()).contains("0 9 * * MON");
    assertThat(schedule.zone()).contains(ZoneId.of("Europe/Berlin"));
    assertThat(schedule.interval()).isEmpty();
    assertThat(schedule.start()).contains(NOON);
    assertThat(schedule.end()).contains(NOON.plusSeconds(60));
    assertThat(schedule.maxRuns()).hasValue(3);
    assertThat(schedule.misfirePolicy()).isEqualTo(MisfirePolicy.runAll(5));
    assertThat(schedule.notification()).isSameAs(HELLO);
    assertThat(schedule)
        .hasToString("Schedule[digest, 0 9 * * MON in Europe/Berlin, to=[pager:1***]]");
    Schedule later = schedule.startingAt(NOON.plusSeconds(1));
    assertThat(later.start()).contains(NOON.plusSeconds(1));
    assertThat(later.maxRuns()).hasValue(3);
  }

  @Test
  void aNameIsMadeUpWhereNoneIsGiven() {
    Schedule.Builder daily = Schedule.cron("@daily", "UTC");
    assertThat(daily.sending(HELLO).name())
        .startsWith("schedule-")
        .isNotEqualTo(daily.sending(HELLO).name());
  }
}
