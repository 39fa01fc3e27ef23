package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an expression means, without any zone. The year 2024 began on a Monday. */
class CronExpressionTest {
  private static final LocalDateTime NEW_YEAR = LocalDateTime.parse("2024-01-01T00:00:00");

  private static List<String> first(String expression, int count) {
    CronExpression cron = CronExpression.parse(expression);
    List<String> times = new ArrayList<>();
    Optional<LocalDateTime> next = cron.atOrAfter(NEW_YEAR);
    while (next.isPresent() && times.size() < count) {
      times.add(next.get().toString());
      next = cron.atOrAfter(next.get().plusSeconds(1));
    }
    return times;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 9 * * MON-FRI          | 2024-01-01T09:00 2024-01-02T09:00 2024-01-03T09:00
          */20 * * * *             | 2024-01-01T00:00 2024-01-01T00:20 2024-01-01T00:40
          5/25 * * * *             | 2024-01-01T00:05 2024-01-01T00:30 2024-01-01T00:55
          10-50/20 8 * * *         | 2024-01-01T08:10 2024-01-01T08:30 2024-01-01T08:50
          1,2,30-31 0 * * *        | 2024-01-01T00:01 2024-01-01T00:02 2024-01-01T00:30
          15 30 9 * * *            | 2024-01-01T09:30:15 2024-01-02T09:30:15 2024-01-03T09:30:15
          */30 59 23 * * *         | 2024-01-01T23:59 2024-01-01T23:59:30 2024-01-02T23:59
          0 22-2/2 * * *           | 2024-01-01T00:00 2024-01-01T02:00 2024-01-01T22:00
          0 0 1 NOV-FEB *          | 2024-01-01T00:00 2024-02-01T00:00 2024-11-01T00:00
          0 0 1 jan-dec/5 *        | 2024-01-01T00:00 2024-06-01T00:00 2024-11-01T00:00
          0 0 * * SUN              | 2024-01-07T00:00 2024-01-14T00:00 2024-01-21T00:00
          0 0 * * 0                | 2024-01-07T00:00 2024-01-14T00:00 2024-01-21T00:00
          0 0 * * 7                | 2024-01-07T00:00 2024-01-14T00:00 2024-01-21T00:00
          0 0 * * SUN-TUE          | 2024-01-01T00:00 2024-01-02T00:00 2024-01-07T00:00
          0 0 * * 5-7              | 2024-01-05T00:00 2024-01-06T00:00 2024-01-07T00:00
          0 0 * * FRI-MON/2        | 2024-01-05T00:00 2024-01-07T00:00 2024-01-12T00:00
          0 0 * * MON/2            | 2024-01-01T00:00 2024-01-03T00:00 2024-01-05T00:00
          0 0 * * fri#3            | 2024-01-19T00:00 2024-02-16T00:00 2024-03-15T00:00
          0 0 * * 4#5              | 2024-02-29T00:00 2024-05-30T00:00 2024-08-29T00:00
          0 0 * * MON#1,FRI#2      | 2024-01-01T00:00 2024-01-12T00:00 2024-02-05T00:00
          0 0 * * FRIL             | 2024-01-26T00:00 2024-02-23T00:00 2024-03-29T00:00
          0 0 * * 7L               | 2024-01-28T00:00 2024-02-25T00:00 2024-03-31T00:00
          0 0 L * *                | 2024-01-31T00:00 2024-02-29T00:00 2024-03-31T00:00
          0 0 L-2 * *              | 2024-01-29T00:00 2024-02-27T00:00 2024-03-29T00:00
          0 0 15,L * *             | 2024-01-15T00:00 2024-01-31T00:00 2024-02-15T00:00
          0 0 LW * *               | 2024-01-31T00:00 2024-02-29T00:00 2024-03-29T00:00
          0 0 6W * *               | 2024-01-05T00:00 2024-02-06T00:00 2024-03-06T00:00
          0 0 1W 6,9 *             | 2024-06-03T00:00 2024-09-02T00:00 2025-06-02T00:00
          0 0 31W * *              | 2024-01-31T00:00 2024-03-29T00:00 2024-05-31T00:00
          0 0 29 2 *               | 2024-02-29T00:00 2028-02-29T00:00 2032-02-29T00:00
          0 0 * 2 MON#5            | 2044-02-29T00:00 2072-02-29T00:00 2112-02-29T00:00
          0 0 13 * FRI             | 2024-01-05T00:00 2024-01-12T00:00 2024-01-13T00:00
          0 0 30 2 MON             | 2024-02-05T00:00 2024-02-12T00:00 2024-02-19T00:00
          0 0 */10 * SUN           | 2024-01-01T00:00 2024-01-07T00:00 2024-01-11T00:00
          0 0 ? * MON              | 2024-01-01T00:00 2024-01-08T00:00 2024-01-15T00:00
          0 0 13 * ?               | 2024-01-13T00:00 2024-02-13T00:00 2024-03-13T00:00
          0 0 ? * ?                | 2024-01-01T00:00 2024-01-02T00:00 2024-01-03T00:00
          0 0 28-2 * *             | 2024-01-01T00:00 2024-01-02T00:00 2024-01-28T00:00
          @hourly                  | 2024-01-01T00:00 2024-01-01T01:00 2024-01-01T02:00
          @daily                   | 2024-01-01T00:00 2024-01-02T00:00 2024-01-03T00:00
          @weekly                  | 2024-01-07T00:00 2024-01-14T00:00 2024-01-21T00:00
          @monthly                 | 2024-01-01T00:00 2024-02-01T00:00 2024-03-01T00:00
          @yearly                  | 2024-01-01T00:00 2025-01-01T00:00 2026-01-01T00:00
          """)
  void expressionMeansTheseTimes(String expression, String times) {
    assertThat(String.join(" ", first(expression, 3))).isEqualTo(times);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "xyz",
        "* * * *",
        "* * * * * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "* * * * */0",
        "*/61 * * * *",
        "-5 * * * *",
        "1- * * * *",
        "1,,2 * * * *",
        "1, * * * *",
        "1.5 * * * *",
        "a-b * * * *",
        "0 0 * * XYZ",
        "0 0 * * Friday",
        "0 0 * * FRI#",
        "0 0 * * #3",
        "0 0 * * FRI#6",
        "0 0 * * FRI#0",
        "0 0 * * L",
        "0 0 * * 5W",
        "0 0 5L * *",
        "0 0 W * *",
        "0 0 LL * *",
        "0 0 L/2 * *",
        "0 0 1-L * *",
        "0 0 15W/2 * *",
        "0 L * * *",
        "L * * * *",
        "? * * * *",
        "0 0 L-40 * *",
        "1/2/3 * * * *",
        "@reboot",
        "@every 1h",
        "0 0 ?/2 * *"
      })
  void whatCannotBeReadIsRefusedByName(String expression) {
    assertThatThrownBy(() -> CronExpression.parse(expression))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("cron expression " + Quoted.of(expression) + " cannot be read: ")
        .hasMessageContaining("5 fields");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "60 * * * *     | minute \"60\": \"Value 60 not in range [0, 59]\"",
        "0 0 24 * * *   | hour \"24\": ",
        "0 9 * * Montag | day of week \"Montag\": ",
        "0 0 32 * *     | day of month \"32\": ",
        "* * * *        | it has 4 fields",
        "''             | it has 0 fields",
        "@fortnightly   | it is none of @yearly, "
      })
  void theFieldThatIsWrongIsNamed(String expression, String words) {
    assertThatThrownBy(() -> CronExpression.parse(expression)).hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"@Daily", " @daily ", "0 0 * * *\n"})
  void caseAndWhiteSpaceAroundItDoNotMatter(String expression) {
    LocalDateTime noon = LocalDateTime.of(2025, 1, 1, 12, 0);
    assertThat(CronExpression.parse(expression).atOrAfter(noon))
        .contains(LocalDateTime.of(2025, 1, 2, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 30 2 *",
        "0 0 31 4,6,9,11 *",
        "0 0 30,31 FEB ?",
        "0 0 31W 2 *",
        "0 0 0 31 11 *",
        "0 0 L-30 2,4 *"
      })
  void whatNeverFiresIsRefused(String expression) {
    assertThatThrownBy(() -> CronExpression.parse(expression))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("\"" + expression + "\" never fires");
  }

  @Test
  void namesAreReadAlikeInEveryLocale() {
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      assertThat(first("0 0 * * fri", 1)).containsExactly("2024-01-05T00:00");
    } finally {
      Locale.setDefault(locale);
    }
  }

  @Test
  void aFractionOfASecondIsRoundedUp() {
    CronExpression everySecond = CronExpression.parse("* * * * * *");
    assertThat(everySecond.atOrAfter(NEW_YEAR.plusNanos(1))).contains(NEW_YEAR.plusSeconds(1));
  }

  @Test
  void garbageIsReadOrRefusedButNeverBreaks() {
    String[] words = {
      "*",
      "?",
      "/",
      "-",
      ",",
      "#",
      "L",
      "W",
      "LW",
      "0",
      "1",
      "7",
      "31",
      "59",
      "99",
      "FRI",
      "sun",
      "Dec",
      "@",
      " ",
      " ",
      "\t",
      "\u00a0",
      "ü",
      "\uD83D\uDE00",
      "\u0000",
      "-1",
      "1e9",
      "2147483648"
    };
    Random random = new Random(42);
    int read = 0;
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "0 0 " : "");
      for (int length = random.nextInt(12); length >= 0; length--) {
        text.append(words[random.nextInt(words.length)]);
      }
      text.append(i % 2 == 0 ? " * *" : "");
      try {
        CronExpression cron = CronExpression.parse(text.toString());
        assertThat(cron.atOrAfter(NEW_YEAR)).as(text.toString()).isPresent();
        read++;
      } catch (InvalidScheduleException e) {
        assertThat(e.getMessage()).contains("cron expression \"").doesNotContain("\u0000");
      }
    }
    assertThat(read).isPositive();
  }

  @Test
  void whatIsVeryLongIsRefusedAtOnce() {
    assertThatThrownBy(() -> CronExpression.parse("1,".repeat(1_000_000) + "1 * * * *"))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("longer than 200 characters")
        .hasMessageMatching("(?s).{0,400}");
  }

  /** Random expressions against a calendar that tries one time after the other. */
  @Test
  void randomExpressionsMeanWhatTheirPartsSay() {
    Random random = new Random(20240101);
    for (int i = 0; i < 3000; i++) {
      RandomCron cron = new RandomCron(random);
      LocalDateTime from =
          NEW_YEAR.plusDays(random.nextInt(1500)).plusSeconds(random.nextInt(86400));
      assertThat(CronExpression.parse(cron.text).atOrAfter(from))
          .as("%s from %s", cron.text, from)
          .contains(cron.bruteForce(from));
    }
  }

  /**
   * An expression whose meaning is known without reading it. It fires in every month of any year.
   */
  private static final class RandomCron {
    final String text;
    final IntPredicate hours;
    final IntPredicate minutes;
    final IntPredicate seconds;
    final Predicate<LocalDate> days;

    private record Field(String text, IntPredicate holds) {}

    private record Days(String text, Predicate<LocalDate> hold, boolean restricted) {}

    RandomCron(Random random) {
      Field second = number(random, 0, 59, 60);
      Field minute = number(random, 0, 59, 60);
      Field hour = number(random, 0, 23, 24);
      Days ofMonth = daysOfMonth(random);
      Days ofWeek = daysOfWeek(random);
      text = String.join(" ", second.text, minute.text, hour.text, ofMonth.text, "*", ofWeek.text);
      seconds = second.holds;
      minutes = minute.holds;
      hours = hour.holds;
      days =
          ofMonth.restricted && ofWeek.restricted
              ? ofMonth.hold.or(ofWeek.hold)
              : ofMonth.hold.and(ofWeek.hold);
    }

    private static Field number(Random random, int least, int most, int size) {
      int a = least + random.nextInt(most - least + 1);
      int b = least + random.nextInt(most - least + 1);
      int step = 1 + random.nextInt(most - least);
      return switch (random.nextInt(6)) {
        case 0 -> new Field("*", value -> true);
        case 1 -> new Field("" + a, value -> value == a);
        case 2 -> new Field(a + "," + b, value -> value == a || value == b);
        case 3 -> new Field(a + "-" + b, value -> within(value, a, b));
        case 4 -> new Field(a + "/" + step, value -> value >= a && (value - a) % step == 0);
        default ->
            new Field(
                a + "-" + b + "/" + step,
                value -> within(value, a, b) && Math.floorMod(value - a, size) % step == 0);
      };
    }

    private static boolean within(int value, int from, int to) {
      return from <= to ? value >= from && value <= to : value >= from || value <= to;
    }

    private static Days daysOfMonth(Random random) {
      int day = 1 + random.nextInt(28);
      return switch (random.nextInt(6)) {
        case 0 -> new Days("*", date -> true, false);
        case 1 -> new Days("?", date -> true, false);
        case 2 -> new Days("L", date -> date.plusDays(1).getDayOfMonth() == 1, true);
        case 3 -> new Days("L-" + day, date -> date.plusDays(day + 1L).getDayOfMonth() == 1, true);
        case 4 -> new Days(day + "W", date -> date.equals(nearest(date, day)), true);
        default -> {
          Field field = number(random, 1, 28, 31);
          boolean free = field.text.equals("*");
          yield new Days(field.text, date -> field.holds.test(date.getDayOfMonth()), !free);
        }
      };
    }

    private static LocalDate nearest(LocalDate month, int day) {
      for (int distance : new int[] {0, -1, 1, -2, 2}) {
        LocalDate candidate = month.withDayOfMonth(day).plusDays(distance);
        if (candidate.getMonth() == month.getMonth()
            && candidate.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0) {
          return candidate;
        }
      }
      throw new AssertionError(month);
    }

    private static Days daysOfWeek(Random random) {
      int day = random.nextInt(8);
      int nth = 1 + random.nextInt(4);
      return switch (random.nextInt(4)) {
        case 0 -> new Days("*", date -> true, false);
        case 1 ->
            new Days(
                day + "#" + nth,
                date -> isDay(date, day) && (date.getDayOfMonth() + 6) / 7 == nth,
                true);
        case 2 ->
            new Days(
                day + "L",
                date -> isDay(date, day) && date.plusDays(7).getMonth() != date.getMonth(),
                true);
        default -> {
          Field field = number(random, 0, 6, 7);
          boolean free = field.text.equals("*");
          yield new Days(
              field.text, date -> field.holds.test(date.getDayOfWeek().getValue() % 7), !free);
        }
      };
    }

    private static boolean isDay(LocalDate date, int day) {
      return date.getDayOfWeek().getValue() % 7 == day % 7;
    }

    LocalDateTime bruteForce(LocalDateTime from) {
      LocalDateTime time = from;
      for (int i = 0; i < 100_000; i++) {
        if (!days.test(time.toLocalDate())) {
          time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
        } else if (!hours.test(time.getHour())) {
          time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
        } else if (!minutes.test(time.getMinute())) {
          time = time.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        } else if (!seconds.test(time.getSecond())) {
          time = time.plusSeconds(1);
        } else {
          return time;
        }
      }
      throw new AssertionError(text);
    }
  }
}
