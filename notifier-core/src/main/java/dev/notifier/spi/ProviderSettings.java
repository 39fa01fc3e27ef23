package dev.notifier.spi;

import dev.notifier.ConfigurationException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of one channel or store, as they stand in properties or the environment.
 *
 * <p>A key is written without the prefix, in lower case with hyphens: {@code connect-timeout}
 * stands for {@code notifier.email.connect-timeout} and {@code NOTIFIER_EMAIL_CONNECT_TIMEOUT}.
 * Every read notes its key, so that a setting which nobody reads is found out. Not thread-safe.
 */
public final class ProviderSettings {
  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|h|d)");
  private static final Duration LONGEST = Duration.ofDays(3650);
  private static final int SHOWN = 60;

  private final String prefix;
  private final Map<String, String> values;
  private final Set<String> known = new TreeSet<>();

  private ProviderSettings(String prefix, Map<String, String> values) {
    this.prefix = prefix;
    this.values = values;
  }

  /**
   * Returns settings with these values.
   *
   * @param prefix what stands before each key, such as {@code notifier.email.}; used in messages
   * @param values the values by key, without the prefix; case, dots, hyphens and underscores do not
   *     tell two keys apart
   */
  public static ProviderSettings of(String prefix, Map<String, String> values) {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(values, "values");
    Map<String, String> canonical = new TreeMap<>();
    values.forEach((key, value) -> canonical.put(canonical(key), value));
    return new ProviderSettings(prefix, canonical);
  }

  private static String canonical(String key) {
    Objects.requireNonNull(key, "key");
    return key.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
  }

  /**
   * Returns the value of a key that must be there.
   *
   * @throws ConfigurationException if it is missing or blank
   */
  public String required(String key) {
    return optional(key)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "setting " + name(key) + " is missing: set it, or " + environmentName(key)));
  }

  /** Returns the value of a key; a blank value counts as none. */
  public Optional<String> optional(String key) {
    known.add(canonical(key));
    return Optional.ofNullable(values.get(canonical(key))).filter(value -> !value.isBlank());
  }

  /**
   * Returns a password, token or the like, exactly as it stands. Any printable character is fine.
   *
   * @throws ConfigurationException if it holds a line break or another control character, or starts
   *     or ends with white space, which is nearly always an accident of copying; the message does
   *     not show the value
   */
  public Optional<String> secret(String key) {
    Optional<String> secret = optional(key);
    secret.ifPresent(value -> checkSecret(key, value));
    return secret;
  }

  private void checkSecret(String key, String value) {
    if (value.codePoints().anyMatch(Character::isISOControl) || !value.equals(value.strip())) {
      throw new ConfigurationException(
          "secret "
              + name(key)
              + " holds a control character, or starts or ends with white space: remove it (a"
              + " trailing line break often comes from reading the secret from a file)");
    }
  }

  /**
   * Returns a whole number.
   *
   * @throws ConfigurationException if the value is not a number from {@code min} to {@code max}
   */
  public Optional<Integer> integer(String key, int min, int max) {
    return optional(key).map(value -> parseInteger(key, value, min, max));
  }

  private int parseInteger(String key, String value, int min, int max) {
    try {
      int number = Integer.parseInt(value.strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, together with the range
    }
    throw bad(key, "a whole number from " + min + " to " + max, value);
  }

  /**
   * Returns {@code true} or {@code false}.
   *
   * @throws ConfigurationException if the value is neither
   */
  public Optional<Boolean> flag(String key) {
    return optional(key)
        .map(
            value ->
                switch (value.strip().toLowerCase(Locale.ROOT)) {
                  case "true" -> true;
                  case "false" -> false;
                  default -> throw bad(key, "true or false", value);
                });
  }

  /**
   * Returns a duration, written as a number with {@code ms}, {@code s}, {@code m}, {@code h} or
   * {@code d}, such as {@code 30s}, or in ISO 8601 form, such as {@code PT30S}.
   *
   * @throws ConfigurationException if the value is neither, not more than zero, or over 3650 days
   */
  public Optional<Duration> duration(String key) {
    return optional(key).map(value -> parseDuration(key, value.strip()));
  }

  private Duration parseDuration(String key, String value) {
    Optional<Duration> parsed = value.startsWith("P") ? isoDuration(value) : shortDuration(value);
    return parsed
        .filter(duration -> !duration.isZero() && !duration.isNegative())
        .filter(duration -> duration.compareTo(LONGEST) <= 0)
        .orElseThrow(
            () ->
                bad(
                    key,
                    "a duration above zero, at most 3650 days, such as 500ms, 30s, 5m, 2h or PT30S",
                    value));
  }

  private static Optional<Duration> isoDuration(String value) {
    try {
      return Optional.of(Duration.parse(value));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> shortDuration(String value) {
    Matcher matcher = SHORT_DURATION.matcher(value);
    return matcher.matches()
        ? Optional.of(Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2))))
        : Optional.empty();
  }

  private static ChronoUnit unit(String symbol) {
    return switch (symbol) {
      case "ms" -> ChronoUnit.MILLIS;
      case "s" -> ChronoUnit.SECONDS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.DAYS;
    };
  }

  /**
   * Returns one of the constants of an enum, whose names may be written in lower case and with
   * hyphens.
   *
   * @throws ConfigurationException if the value is none of them
   */
  public <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
    return optional(key)
        .map(
            value -> {
              for (E constant : type.getEnumConstants()) {
                if (canonical(constant.name()).equals(canonical(value.strip()))) {
                  return constant;
                }
              }
              throw bad(key, "one of " + List.of(type.getEnumConstants()), value);
            });
  }

  private ConfigurationException bad(String key, String rule, String value) {
    return new ConfigurationException(
        "setting " + name(key) + " must be " + rule + ", but was \"" + shown(value) + "\"");
  }

  /** Fit for one line of a log, whatever it is. */
  private static String shown(String text) {
    String line = text.replaceAll("[\\p{Cc}\\u2028\\u2029]", "?");
    return line.codePointCount(0, line.length()) <= SHOWN
        ? line
        : line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "…";
  }

  /** Returns the full name of a key, for messages. */
  public String name(String key) {
    return prefix + key;
  }

  private String environmentName(String key) {
    return name(key).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Tells whether there is no setting at all. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /**
   * Refuses settings that no call has read. The engine calls it when the provider is done.
   *
   * @throws ConfigurationException if there is one; the message names it and the known keys
   */
  public void checkAllRead() {
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      String first = unknown.iterator().next();
      throw new ConfigurationException(
          "unknown setting "
              + name(shown(first))
              + ": remove it or correct it; known keys: "
              + known);
    }
  }

  /** Returns the names of the keys that are set, never their values. */
  @Override
  public String toString() {
    return "ProviderSettings[" + prefix + values.keySet() + "]";
  }
}
