package dev.notifier;

import com.cronutils.model.Cron;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronField;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.parser.CronParser;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The local times that a cron expression names. The library parses; the calendar is this class's
 * own, since the library's skips what it cannot evaluate without a word (decision 14). Immutable.
 */
final class CronExpression {
  /** The fifth Monday of a February comes after 40 years at the latest, as in 2072 and 2112. */
  private static final int LONGEST_WAIT_YEARS = 41;

  private static final int LAST_YEAR = 9999;
  private static final int MAX_LENGTH = 200;
  private static final List<String> FIELDS =
      List.of("second", "minute", "hour", "day of month", "month", "day of week");
  private static final String NICKNAMES =
      "@yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly";
  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final CronParser MINUTES = new CronParser(definition(false));
  private static final CronParser SECONDS = new CronParser(definition(true));

  private final BitSet seconds;
  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet months;
  private final CronDays days;

  private CronExpression(Map<CronFieldName, CronField> fields) {
    seconds = values(fields.get(CronFieldName.SECOND), 0, 59);
    minutes = values(fields.get(CronFieldName.MINUTE), 0, 59);
    hours = values(fields.get(CronFieldName.HOUR), 0, 23);
    months = values(fields.get(CronFieldName.MONTH), 1, 12);
    days =
        new CronDays(
            expression(fields, CronFieldName.DAY_OF_MONTH),
            expression(fields, CronFieldName.DAY_OF_WEEK));
  }

  private static BitSet values(@Nullable CronField field, int least, int most) {
    CronValues values = new CronValues(least, most);
    if (field == null) { // five fields have no seconds
      values.add(0);
    } else {
      values.add(field.getExpression());
    }
    return values.bits();
  }

  private static FieldExpression expression(
      Map<CronFieldName, CronField> fields, CronFieldName name) {
    CronField field = fields.get(name);
    return field == null ? FieldExpression.always() : field.getExpression();
  }

  private static CronDefinition definition(boolean withSeconds) {
    CronDefinitionBuilder fields = CronDefinitionBuilder.defineCron();
    if (withSeconds) {
      fields.withSeconds().and();
    } else {
      fields
          .withSupportedNicknameAnnually()
          .withSupportedNicknameYearly()
          .withSupportedNicknameMonthly()
          .withSupportedNicknameWeekly()
          .withSupportedNicknameDaily()
          .withSupportedNicknameMidnight()
          .withSupportedNicknameHourly();
    }
    fields.withMinutes().and().withHours().and();
    fields.withDayOfMonth().supportsL().supportsW().supportsLW().supportsQuestionMark().and();
    fields.withMonth().and();
    fields
        .withDayOfWeek()
        .withValidRange(0, 7)
        .withMondayDoWValue(1)
        .withIntMapping(7, 0)
        .supportsHash()
        .supportsL()
        .supportsQuestionMark()
        .and();
    return fields.instance();
  }

  /**
   * Reads an expression.
   *
   * @throws InvalidScheduleException if it is none, or names no time that ever comes
   */
  static CronExpression parse(String text) {
    Objects.requireNonNull(text, "expression");
    CronExpression expression;
    try {
      checkLength(text);
      expression = read(text);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) { // the latter for "FRI#"
      throw new InvalidScheduleException(
          "cron expression "
              + Quoted.of(text)
              + " cannot be read: "
              + whatIsWrong(text, e)
              + "; it needs 5 fields (minute, hour, day of month, month, day of week), or 6 with"
              + " seconds first");
    }
    if (expression.atOrAfter(ANY_TIME).isEmpty()) {
      throw new InvalidScheduleException(
          "cron expression "
              + Quoted.of(text)
              + " never fires: no month that it names has such a day");
    }
    return expression;
  }

  private static CronExpression read(String text) {
    Cron cron = parserFor(text).parse(upperCase(text));
    return new CronExpression(cron.retrieveFieldsAsMap());
  }

  private static String whatIsWrong(String text, RuntimeException failure) {
    if (text.length() > MAX_LENGTH) {
      return words(failure);
    }
    List<String> fields = List.of(fields(text));
    if (text.strip().startsWith("@")) {
      return "it is none of " + NICKNAMES;
    }
    if (text.isBlank() || fields.size() < FIELDS.size() - 1 || fields.size() > FIELDS.size()) {
      return "it has " + (text.isBlank() ? 0 : fields.size()) + " fields";
    }
    return IntStream.range(0, fields.size())
        .mapToObj(field -> problemOf(fields, field))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(() -> words(failure));
  }

  /** The library says what is wrong, but not where: so each field is read by itself. */
  private static Optional<String> problemOf(List<String> fields, int field) {
    List<String> alone = new ArrayList<>(Collections.nCopies(fields.size(), "*"));
    alone.set(field, fields.get(field));
    try {
      read(String.join(" ", alone));
      return Optional.empty();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      String name = FIELDS.get(FIELDS.size() - fields.size() + field);
      return Optional.of(name + " " + Quoted.of(fields.get(field)) + ": " + words(e));
    }
  }

  private static String words(RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    return Quoted.of(message.replaceFirst("^Failed to parse cron expression\\. ", ""), 200);
  }

  private static void checkLength(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
    }
  }

  /** The library does it by the default locale, and a Turkish one makes FRİ of fri. */
  private static String upperCase(String text) {
    String stripped = text.strip();
    return stripped.startsWith("@")
        ? stripped.toLowerCase(Locale.ROOT)
        : stripped.toUpperCase(Locale.ROOT);
  }

  private static CronParser parserFor(String text) {
    return fields(text).length == FIELDS.size() ? SECONDS : MINUTES;
  }

  private static String[] fields(String text) {
    return text.strip().split("\\s+");
  }

  /** Returns the first of its local times that is not before {@code from}. */
  Optional<LocalDateTime> atOrAfter(LocalDateTime from) {
    LocalDateTime start = wholeSecond(from);
    Optional<LocalTime> today =
        isDay(start.toLocalDate()) ? timeAtOrAfter(start.toLocalTime()) : Optional.empty();
    return today
        .map(time -> start.toLocalDate().atTime(time))
        .or(
            () ->
                dayAfter(start.toLocalDate())
                    .map(day -> day.atTime(timeAtOrAfter(LocalTime.MIDNIGHT).orElseThrow())));
  }

  private static LocalDateTime wholeSecond(LocalDateTime from) {
    LocalDateTime second = from.truncatedTo(ChronoUnit.SECONDS);
    return second.equals(from) ? from : second.plusSeconds(1);
  }

  private boolean isDay(LocalDate date) {
    return months.get(date.getMonthValue()) && days.include(date);
  }

  private Optional<LocalDate> dayAfter(LocalDate date) {
    LocalDate end = date.plusYears(LONGEST_WAIT_YEARS);
    LocalDate day = date.plusDays(1);
    while (day.isBefore(end) && day.getYear() <= LAST_YEAR) {
      if (isDay(day)) {
        return Optional.of(day);
      }
      day = months.get(day.getMonthValue()) ? day.plusDays(1) : nextMonth(day);
    }
    return Optional.empty();
  }

  private static LocalDate nextMonth(LocalDate day) {
    return day.plusMonths(1).with(ChronoField.DAY_OF_MONTH, 1);
  }

  private Optional<LocalTime> timeAtOrAfter(LocalTime from) {
    for (int hour = hours.nextSetBit(from.getHour());
        hour >= 0;
        hour = hours.nextSetBit(hour + 1)) {
      LocalTime earliest = hour == from.getHour() ? from : LocalTime.of(hour, 0);
      Optional<LocalTime> found = inHour(earliest);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<LocalTime> inHour(LocalTime from) {
    int minute = minutes.nextSetBit(from.getMinute());
    int second = seconds.nextSetBit(minute == from.getMinute() ? from.getSecond() : 0);
    if (second < 0) { // this minute has none left
      minute = minutes.nextSetBit(minute + 1);
      second = seconds.nextSetBit(0);
    }
    return minute < 0
        ? Optional.empty()
        : Optional.of(LocalTime.of(from.getHour(), minute, second));
  }
}
