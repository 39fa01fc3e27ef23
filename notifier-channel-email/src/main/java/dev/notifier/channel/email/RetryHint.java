package dev.notifier.channel.email;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When to come back, as servers say it in the words of a temporary refusal. */
final class RetryHint {
  private static final Pattern TIME =
      Pattern.compile(
          "\\b(?:again|retry|retrying|wait|come back|delayed)\\b[^0-9]{0,20}([0-9]{1,6}) ?"
              + "(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\\b");

  private static final Pattern GREYLISTED = Pattern.compile("\\bgr[ae]y-? ?list");

  /** What greylisting servers want at least, as a rule: RFC 6647, 5. */
  private static final Duration GREYLISTING = Duration.ofMinutes(5);

  private static final Duration LONGEST = Duration.ofDays(1);

  private RetryHint() {}

  /** Returns the least time to wait, at most a day, if the text says one. */
  static Optional<Duration> in(String text) {
    String small = text.toLowerCase(Locale.ROOT);
    Matcher time = TIME.matcher(small);
    if (time.find()) {
      Duration said = Duration.ofSeconds(Long.parseLong(time.group(1)) * secondsOf(time.group(2)));
      return Optional.of(said.compareTo(LONGEST) < 0 ? said : LONGEST);
    }
    return GREYLISTED.matcher(small).find() ? Optional.of(GREYLISTING) : Optional.empty();
  }

  private static long secondsOf(String unit) {
    return switch (unit.charAt(0)) {
      case 's' -> 1;
      case 'm' -> 60;
      default -> 3600;
    };
  }
}
