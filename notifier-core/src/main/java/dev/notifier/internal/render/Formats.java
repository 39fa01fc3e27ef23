package dev.notifier.internal.render;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.FormatStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Currency;
import java.util.List;
import java.util.Map;

/**
 * Writes values as text. An IllegalArgumentException says what a value is not, never what it is.
 */
final class Formats {
  private static final int MAX_NUMBER_TEXT = 100;

  private Formats() {}

  // --- Without a filter -------------------------------------------------------------------------

  /**
   * For readers: a number as it stands, without grouping, since it may be the number of an order.
   */
  static String plain(Object value, Target target) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof LocalTime) {
      return time(value, target);
    }
    return value instanceof TemporalAccessor
        ? date(value, DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM), target)
        : iso(value);
  }

  /** For machines. */
  static String iso(Object value) {
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof List || value instanceof Map) {
      throw new IllegalArgumentException(
          "is a " + nameOf(value) + " and cannot be written: go through it by a section");
    }
    return value.toString();
  }

  static String nameOf(Object value) {
    if (value instanceof List) {
      return "list";
    }
    if (value instanceof Map) {
      return "map";
    }
    if (value instanceof Number) {
      return "number";
    }
    if (value instanceof TemporalAccessor) {
      return "date";
    }
    return value instanceof Boolean ? "boolean" : "text";
  }

  // --- Numbers ----------------------------------------------------------------------------------

  /** Takes text too, since what comes out of JSON or a form often is. */
  static BigDecimal number(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof BigInteger number) {
      return new BigDecimal(number);
    }
    if (value instanceof Number number) {
      return BigDecimal.valueOf(number.longValue());
    }
    if (value instanceof String text && text.length() <= MAX_NUMBER_TEXT) {
      return numberIn(text.strip());
    }
    throw new IllegalArgumentException("must be a number, but is a " + nameOf(value));
  }

  private static BigDecimal numberIn(String text) {
    try {
      if (text.matches("[+-]?[0-9]+(\\.[0-9]+)?")) {
        return new BigDecimal(text);
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("must be a number, but is a text that is none");
  }

  static String number(BigDecimal number, int decimals, Target target) {
    NumberFormat format = NumberFormat.getNumberInstance(target.locale());
    if (decimals >= 0) {
      format.setMinimumFractionDigits(decimals);
      format.setMaximumFractionDigits(decimals);
    }
    return written(number, format, target);
  }

  /** Rounded before it is written, for what rounds to zero has no sign. */
  private static String written(BigDecimal number, NumberFormat format, Target target) {
    BigDecimal rounded = number.setScale(format.getMaximumFractionDigits(), RoundingMode.HALF_UP);
    return target.fitted(format.format(rounded));
  }

  static String currency(BigDecimal amount, Currency currency, Target target) {
    NumberFormat format = NumberFormat.getCurrencyInstance(target.locale());
    format.setCurrency(currency);
    int decimals = Math.max(0, currency.getDefaultFractionDigits());
    format.setMinimumFractionDigits(decimals);
    format.setMaximumFractionDigits(decimals);
    return written(amount, format, target);
  }

  // --- Dates ------------------------------------------------------------------------------------

  static String date(Object value, DateTimeFormatter form, Target target) {
    TemporalAccessor at = temporal(value);
    try {
      return target.fitted(form.withLocale(target.locale()).format(inZone(at, target)));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "is a " + at.getClass().getSimpleName() + ", which lacks what the format shows");
    }
  }

  static String time(Object value, Target target) {
    return date(value, DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT), target);
  }

  private static TemporalAccessor inZone(TemporalAccessor value, Target target) {
    if (value instanceof Instant instant) {
      return instant.atZone(target.zone());
    }
    if (value instanceof OffsetDateTime at) {
      return at.atZoneSameInstant(target.zone());
    }
    return value instanceof ZonedDateTime at ? at.withZoneSameInstant(target.zone()) : value;
  }

  private static TemporalAccessor temporal(Object value) {
    if (value instanceof TemporalAccessor temporal) {
      return temporal;
    }
    if (value instanceof String text) {
      return temporalIn(text);
    }
    throw new IllegalArgumentException("must be a date or a time, but is a " + nameOf(value));
  }

  private static TemporalAccessor temporalIn(String text) {
    try {
      return DateTimeFormatter.ISO_DATE_TIME.parseBest(
          text, ZonedDateTime::from, LocalDateTime::from);
    } catch (DateTimeParseException notBoth) {
      try {
        return text.indexOf(':') < 0 ? LocalDate.parse(text) : LocalTime.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(
            "must be a date or a time in ISO 8601 form, but is a text that is none");
      }
    }
  }
}
