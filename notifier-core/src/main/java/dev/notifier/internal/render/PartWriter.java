package dev.notifier.internal.render;

import dev.notifier.TemplatePart;
import java.io.Writer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the text of a part: fixed text as it stands, values escaped. Bounded in length and in
 * steps, so that no template can fill the memory or hold a thread.
 */
final class PartWriter extends Writer {
  private static final int MAX_LENGTH = 2_000_000;
  private static final int MAX_STEPS = 1_000_000;

  private final StringBuilder out;
  private final Escaping escaping;
  private final Target target;
  private final JsonState json;
  private int steps;

  PartWriter(TemplatePart part, Target target) {
    this.out = new StringBuilder(part.text().length() + 256);
    this.escaping = Escaping.of(part);
    this.target = target;
    this.json = new JsonState();
  }

  Target target() {
    return target;
  }

  /** Counts one run of a section. */
  void step() {
    if (++steps > MAX_STEPS) {
      throw new PartLimitException(
          "it goes through its sections more than " + MAX_STEPS + " times: shorten the lists");
    }
  }

  /** Writes a value. */
  void value(Object value, boolean escaped) {
    checkNoBackslashBefore();
    if (escaping == Escaping.JSON) {
      jsonValue(value, escaped);
      return;
    }
    String text = Formats.plain(value, target);
    checkRoom(text.length());
    if (escaped) {
      escaping.append(text, out);
    } else {
      out.append(text);
    }
  }

  /** With a backslash before it, the one that escapes the value's first character would not. */
  private void checkNoBackslashBefore() {
    if (escaping != Escaping.MARKDOWN_V2 && escaping != Escaping.JSON) {
      return;
    }
    int start = out.length();
    while (start > 0 && out.charAt(start - 1) == '\\') {
      start--;
    }
    if ((out.length() - start) % 2 == 1) {
      throw new PartLimitException("a value must not follow a backslash");
    }
  }

  private void jsonValue(Object value, boolean escaped) {
    if (!escaped) {
      write(Formats.iso(value));
    } else if (json.isInString()) {
      String text = Formats.iso(value);
      checkRoom(text.length());
      escaping.append(text, out);
    } else {
      literal(value);
    }
  }

  private void literal(Object value) {
    checkRoom(0);
    if (value instanceof Map<?, ?> map) {
      literalObject(map);
    } else if (value instanceof List<?> list) {
      literalArray(list);
    } else if (value instanceof Number || value instanceof Boolean) {
      out.append(Formats.iso(value));
    } else {
      String text = Formats.iso(value);
      checkRoom(text.length());
      out.append('"');
      escaping.append(text, out);
      out.append('"');
    }
  }

  private void literalObject(Map<?, ?> map) {
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> each = map.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<?, ?> entry = each.next();
      literal(String.valueOf(entry.getKey()));
      out.append(':');
      literalOrNull(entry.getValue());
      out.append(each.hasNext() ? "," : "");
    }
    out.append('}');
  }

  private void literalArray(List<?> list) {
    out.append('[');
    for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
      literalOrNull(each.next());
      out.append(each.hasNext() ? "," : "");
    }
    out.append(']');
  }

  private void literalOrNull(@Nullable Object value) {
    if (value == null) {
      out.append("null");
    } else {
      literal(value);
    }
  }

  /** An optional value that is not there: null where JSON needs a value. */
  void nothing() {
    if (escaping == Escaping.JSON && !json.isInString()) {
      out.append("null");
    }
  }

  @Override
  public void write(String text) {
    checkRoom(text.length());
    out.append(text);
    if (escaping == Escaping.JSON) {
      json.read(text);
    }
  }

  @Override
  public void write(char[] text, int from, int length) {
    write(new String(text, from, length));
  }

  private void checkRoom(int more) {
    if ((long) out.length() + more > MAX_LENGTH) {
      throw new PartLimitException("it renders to more than " + MAX_LENGTH + " characters");
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}

  /** Returns what was written. */
  @Override
  public String toString() {
    return out.toString();
  }

  /** Follows the text of a JSON part, to know whether a value lands inside a string. */
  private static final class JsonState {
    private boolean inString;
    private boolean escaped;

    boolean isInString() {
      return inString;
    }

    void read(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (escaped) {
          escaped = false;
        } else if (inString && c == '\\') {
          escaped = true;
        } else if (c == '"') {
          inString = !inString;
        }
      }
    }
  }
}
