package dev.notifier;

import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.SpecialChar;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The days that the two day fields of a cron expression name. If both are restricted, a day that
 * either names is one, as POSIX says; a field is restricted unless it is {@code *} or {@code ?}.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html">POSIX,
 *     crontab</a>
 */
final class CronDays {
  private final Predicate<LocalDate> days;

  CronDays(FieldExpression dayOfMonth, FieldExpression dayOfWeek) {
    Predicate<LocalDate> byMonth = anyOf(dayOfMonth, CronDays::ofMonth);
    Predicate<LocalDate> byWeek = anyOf(dayOfWeek, CronDays::ofWeek);
    days =
        isRestricted(dayOfMonth) && isRestricted(dayOfWeek)
            ? byMonth.or(byWeek)
            : byMonth.and(byWeek);
  }

  boolean include(LocalDate date) {
    return days.test(date);
  }

  private static boolean isRestricted(FieldExpression field) {
    return !(field instanceof Always || field instanceof QuestionMark);
  }

  /** Makes the rule of one part of a field. */
  @FunctionalInterface
  private interface Part {
    Predicate<LocalDate> rule(FieldExpression part);
  }

  private static Predicate<LocalDate> anyOf(FieldExpression field, Part part) {
    List<FieldExpression> parts =
        field instanceof And list ? list.getExpressions() : List.of(field);
    List<Predicate<LocalDate>> rules = new ArrayList<>();
    parts.forEach(each -> rules.add(part.rule(each)));
    return date -> rules.stream().anyMatch(rule -> rule.test(date));
  }

  // --- Day of month -----------------------------------------------------------------------------

  private static Predicate<LocalDate> ofMonth(FieldExpression part) {
    if (part instanceof On on) {
      SpecialChar special = on.getSpecialChar().getValue();
      int day = on.getTime().getValue();
      if (special == SpecialChar.L && day < 0) {
        int before = Math.max(on.getNth().getValue(), 0);
        return date -> date.getDayOfMonth() == date.lengthOfMonth() - before;
      }
      if (special == SpecialChar.LW) {
        return date -> date.equals(lastWorkday(date));
      }
      if (special == SpecialChar.W) {
        return date -> day <= date.lengthOfMonth() && date.equals(workdayNear(date, day));
      }
    }
    CronValues values = new CronValues(1, 31);
    values.add(part);
    return date -> values.bits().get(date.getDayOfMonth());
  }

  private static LocalDate lastWorkday(LocalDate date) {
    return workdayNear(date, date.lengthOfMonth());
  }

  /** The nearest day from Monday to Friday, in the same month: at its ends it may be two off. */
  private static LocalDate workdayNear(LocalDate date, int dayOfMonth) {
    LocalDate day = date.withDayOfMonth(dayOfMonth);
    return switch (day.getDayOfWeek()) {
      case SATURDAY -> dayOfMonth == 1 ? day.plusDays(2) : day.minusDays(1);
      case SUNDAY -> dayOfMonth == day.lengthOfMonth() ? day.minusDays(2) : day.plusDays(1);
      default -> day;
    };
  }

  // --- Day of week ------------------------------------------------------------------------------

  private static Predicate<LocalDate> ofWeek(FieldExpression part) {
    if (part instanceof On on && on.getTime().getValue() >= 0) {
      SpecialChar special = on.getSpecialChar().getValue();
      if (special == SpecialChar.L) {
        DayOfWeek day = dayOfWeek(on);
        return date -> date.equals(date.with(TemporalAdjusters.lastInMonth(day)));
      }
      if (special == SpecialChar.HASH) {
        return nthInMonth(dayOfWeek(on), on.getNth().getValue());
      }
    }
    CronValues values = new CronValues(0, 6);
    values.add(part);
    return date -> values.bits().get(date.getDayOfWeek().getValue() % 7);
  }

  private static DayOfWeek dayOfWeek(On on) {
    int sundayIsZero = on.getTime().getValue();
    return sundayIsZero == 0 ? DayOfWeek.SUNDAY : DayOfWeek.of(sundayIsZero);
  }

  private static Predicate<LocalDate> nthInMonth(DayOfWeek day, int nth) {
    if (nth < 1 || nth > 5) {
      throw new IllegalArgumentException("what follows # must be from 1 to 5, but was " + nth);
    }
    return date -> date.getDayOfWeek() == day && (date.getDayOfMonth() - 1) / 7 + 1 == nth;
  }
}
