package dev.notifier.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a Retry-After header: seconds, with or without a fraction, or one of the three forms of an
 * HTTP date.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, 10.2.3</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7">RFC 9110, 5.6.7</a>
 */
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final int MAX_LENGTH = 64;
  private static final Pattern SECONDS = Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]*)?");

  /** The day of the week says nothing new, and some servers get it wrong. */
  private static final Pattern DAY_OF_WEEK = Pattern.compile("^[A-Za-z]{3,9},? +");

  private RetryAfter() {}

  /** Returns the wait, rounded up to whole seconds; empty if the value is neither form. */
  static Optional<Duration> parse(String value, Instant now) {
    String text = value.strip();
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return SECONDS.matcher(text).matches()
        ? Optional.of(seconds(new BigDecimal(text)))
        : date(text, now).map(date -> clamp(Duration.between(now, date)));
  }

  private static Duration seconds(BigDecimal seconds) {
    BigDecimal most = BigDecimal.valueOf(LONGEST.toSeconds());
    return clamp(
        Duration.ofSeconds(
            seconds
                .min(most)
                .max(BigDecimal.ZERO)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact()));
  }

  private static Duration clamp(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }

  private static Optional<Instant> date(String text, Instant now) {
    String date = DAY_OF_WEEK.matcher(text).replaceFirst("");
    for (DateTimeFormatter format : formats(now)) {
      try {
        return Optional.of(LocalDateTime.parse(date, format).toInstant(ZoneOffset.UTC));
      } catch (DateTimeException e) {
        // the next form may fit
      }
    }
    return Optional.empty();
  }

  private static List<DateTimeFormatter> formats(Instant now) {
    return List.of(
        format("d MMM uuuu HH:mm:ss 'GMT'"), // IMF-fixdate
        rfc850(now),
        format("MMM ppd HH:mm:ss uuuu")); // asctime
  }

  /** A two-digit year that seems to be over 50 years ahead is the past. */
  private static DateTimeFormatter rfc850(Instant now) {
    int year = now.atOffset(ZoneOffset.UTC).getYear();
    return caseless()
        .appendPattern("d-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US);
  }

  private static DateTimeFormatter format(String pattern) {
    return caseless().appendPattern(pattern).toFormatter(Locale.US);
  }

  private static DateTimeFormatterBuilder caseless() {
    return new DateTimeFormatterBuilder().parseCaseInsensitive();
  }
}
