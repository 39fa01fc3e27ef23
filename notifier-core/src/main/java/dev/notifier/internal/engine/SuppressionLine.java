package dev.notifier.internal.engine;

import dev.notifier.InvalidNotificationException;
import dev.notifier.Suppression;
import dev.notifier.Suppression.Source;
import dev.notifier.SuppressionTarget;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A suppression as a line of comma-separated values (RFC 4180, but no field spans lines). */
final class SuppressionLine {
  static final String HEADER = "target,reason,source,since";

  private static final String DEFAULT_REASON = "imported";
  private static final int MOST_FIELDS = 4;

  private SuppressionLine() {}

  // --- Writing ----------------------------------------------------------------------------------

  static String of(Suppression suppression) {
    return String.join(
        ",",
        quoted(suppression.target().text()),
        quoted(suppression.reason()),
        suppression.source().name(),
        suppression.since().toString());
  }

  private static String quoted(String field) {
    boolean isPlain =
        field.indexOf(',') < 0 && field.indexOf('"') < 0 && field.equals(field.strip());
    return isPlain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  // --- Reading ----------------------------------------------------------------------------------

  /** Tells whether a line names the columns. */
  static boolean isHeader(String line) {
    return line.toLowerCase(Locale.ROOT).matches("\"?target\"?\\s*(,.*)?");
  }

  /**
   * Returns the suppression of a line.
   *
   * @param now the time of those that name none, and the latest that may be named
   * @throws InvalidNotificationException if the line breaks a rule
   */
  static Suppression parse(String line, Instant now) {
    List<String> fields = fields(line);
    if (fields.size() > MOST_FIELDS) {
      throw new InvalidNotificationException(
          "a line must have at most the fields "
              + HEADER
              + ", but has "
              + fields.size()
              + ": put a field with a comma in quotation marks");
    }
    String reason = field(fields, 1);
    return new Suppression(
        SuppressionTarget.parse(field(fields, 0)),
        reason.isEmpty() ? DEFAULT_REASON : reason,
        source(field(fields, 2)),
        since(field(fields, 3), now));
  }

  private static String field(List<String> fields, int index) {
    return index < fields.size() ? fields.get(index) : "";
  }

  private static Source source(String name) {
    if (name.isEmpty()) {
      return Source.IMPORT;
    }
    try {
      return Source.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new InvalidNotificationException(
          "source must be one of " + List.of(Source.values()) + ", but was " + shown(name));
    }
  }

  private static Instant since(String text, Instant now) {
    if (text.isEmpty()) {
      return now;
    }
    Instant since;
    try {
      since = Instant.parse(text);
    } catch (DateTimeException e) {
      throw new InvalidNotificationException(
          "since must be a time such as 2026-05-01T12:00:00Z, but was " + shown(text));
    }
    if (since.isBefore(Instant.EPOCH) || since.isAfter(now)) {
      throw new InvalidNotificationException("since must be from 1970 until now, but was " + since);
    }
    return since;
  }

  private static String shown(String text) {
    String start = text.length() <= 60 ? text : text.substring(0, 60) + "…";
    return '"' + start.replaceAll("\\p{C}", "?") + '"';
  }

  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>(MOST_FIELDS);
    int next = 0;
    while (next <= line.length()) {
      next = isQuoted(line, next) ? addQuoted(line, next, fields) : addPlain(line, next, fields);
    }
    return fields;
  }

  private static boolean isQuoted(String line, int start) {
    return skipSpace(line, start) < line.length() && line.charAt(skipSpace(line, start)) == '"';
  }

  private static int skipSpace(String line, int start) {
    int next = start;
    while (next < line.length() && Character.isWhitespace(line.charAt(next))) {
      next++;
    }
    return next;
  }

  private static int addPlain(String line, int start, List<String> fields) {
    int comma = line.indexOf(',', start);
    int end = comma < 0 ? line.length() : comma;
    fields.add(line.substring(start, end).strip());
    return end + 1;
  }

  private static int addQuoted(String line, int start, List<String> fields) {
    StringBuilder field = new StringBuilder();
    int next = skipSpace(line, start) + 1;
    while (true) {
      int mark = line.indexOf('"', next);
      if (mark < 0) {
        throw new InvalidNotificationException(
            "a field that begins with a quotation mark must end with one");
      }
      field.append(line, next, mark);
      if (mark + 1 < line.length() && line.charAt(mark + 1) == '"') {
        field.append('"');
        next = mark + 2;
      } else {
        fields.add(field.toString());
        return behindQuoted(line, mark + 1);
      }
    }
  }

  private static int behindQuoted(String line, int end) {
    int comma = skipSpace(line, end);
    if (comma < line.length() && line.charAt(comma) != ',') {
      throw new InvalidNotificationException(
          "what follows a field in quotation marks must be a comma: write a quotation mark within"
              + " a field twice");
    }
    return comma + 1;
  }
}
