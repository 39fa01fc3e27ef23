package dev.notifier.channel.email;

import dev.notifier.InvalidNotificationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Headers as they are written, of which none can hold another. Not thread-safe. */
final class HeaderLines {
  /** A line break that is not followed by the space which makes it a mere fold. */
  private static final Pattern FORGED_HEADER =
      Pattern.compile("\\r(?!\\n[ \\t])|(?<!\\r)\\n|\\n(?![ \\t])");

  private final StringBuilder text = new StringBuilder(1024);
  private final List<String> lines = new ArrayList<>();

  /**
   * Adds a header.
   *
   * @param value encoded, and folded where it is long
   * @throws InvalidNotificationException if a line break would end it; nothing is added then
   */
  void add(String name, String value) {
    boolean broken = value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0;
    if (broken && FORGED_HEADER.matcher(value).find()) {
      throw new InvalidNotificationException("header " + name + " must not hold a line break");
    }
    String line = name + ": " + value;
    lines.add(line);
    text.append(line).append("\r\n");
  }

  /** Returns each header, with the folds in it but without the line break at the end. */
  List<String> lines() {
    return lines;
  }

  /** Returns all of them, each ended by CRLF. */
  @Override
  public String toString() {
    return text.toString();
  }
}
