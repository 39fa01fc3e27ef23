package dev.notifier;

import java.util.Objects;
import java.util.regex.Pattern;

/** Makes a provider's words fit for one log line. */
final class Reasons {
  private static final int MAX_LENGTH = 500;
  private static final Pattern BREAKS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

  private Reasons() {}

  static String tidy(String reason) {
    Objects.requireNonNull(reason, "reason");
    boolean isOneLine = Printable.isPrintable(reason); // no regex for each of a million attempts
    String line = (isOneLine ? reason : BREAKS.matcher(reason).replaceAll(" ")).strip();
    return line.length() <= MAX_LENGTH ? line : line.substring(0, cut(line)) + "…";
  }

  /** Never between the halves of a surrogate pair. */
  private static int cut(String line) {
    return Character.isHighSurrogate(line.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
  }
}
