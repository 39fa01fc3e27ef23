package dev.notifier.channel.email;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered.
 *
 * @param code the reply code, 200 to 599
 * @param status the enhanced status code such as {@code 5.1.1}, empty if there is none (RFC 3463)
 * @param text its words on one line, without the reply code
 */
record SmtpReply(int code, String status, String text) {
  private static final String STATUS = "([245]\\.[0-9]{1,3}\\.[0-9]{1,3})(?![0-9.])";

  /** At the start, where it belongs (RFC 2034), or set apart as {@code (#5.1.1)} by old servers. */
  private static final Pattern ENHANCED = Pattern.compile("^'?" + STATUS + "|[(\\[]#?" + STATUS);

  private static final Pattern LINE_START = Pattern.compile("(?m)^\\s*[0-9]{3}(?:[ -]|$)");

  /** A reply code that is set apart as one; ports, years and parts of addresses are none. */
  private static final Pattern QUOTED =
      Pattern.compile(
          "(?<![0-9A-Za-z.:=#/-])(4(?:2[0-9]|3[0-9]|5[0-9])|5(?:0[0-9]|2[0-9]|3[0-9]|5[0-9]|71))"
              + "(?=[\\s-]|$)");

  private static final int LONGEST_QUOTED = 1000;

  /** Reads a reply of one or more lines; null if the code is none, as after the end of a stream. */
  static @Nullable SmtpReply parse(int code, @Nullable String lines) {
    if (code < 200 || code > 599) {
      return null;
    }
    String text = LINE_START.matcher(lines == null ? "" : lines).replaceAll("");
    String oneLine = text.replaceAll("\\s+", " ").strip();
    return new SmtpReply(code, statusIn(oneLine), oneLine);
  }

  /** Reads the reply that a text tells of, such as a bounce; null if it tells of none. */
  static @Nullable SmtpReply quotedIn(String text) {
    Matcher quoted = QUOTED.matcher(text);
    SmtpReply first = null;
    while (quoted.find()) {
      int end = Math.min(text.length(), quoted.start(1) + LONGEST_QUOTED);
      SmtpReply reply =
          parse(Integer.parseInt(quoted.group(1)), text.substring(quoted.start(1), end));
      if (reply != null && !reply.status().isEmpty()) {
        return reply;
      }
      first = first == null ? reply : first;
    }
    return first;
  }

  private static String statusIn(String text) {
    Matcher found = ENHANCED.matcher(text);
    if (!found.find()) {
      return "";
    }
    return found.group(1) != null ? found.group(1) : found.group(2);
  }

  boolean isPositive() {
    return code < 300;
  }

  boolean isRefusal() {
    return code >= 400;
  }

  /**
   * Tells whether a later attempt may go better. Where the two codes contradict each other, as with
   * servers that are told to bounce softly, the milder one counts.
   */
  boolean isTemporary() {
    return code / 100 == 4 || status.startsWith("4.");
  }

  @Override
  public String toString() {
    return code + " " + text;
  }
}
