package dev.notifier;

/**
 * Shows a value that somebody else wrote inside an error message: short, on one line, in quotes.
 */
final class Quoted {
  private static final int SHOWN = 60;

  private Quoted() {}

  static String of(String value) {
    return of(value, SHOWN);
  }

  /** Shows about this many characters; one that has to be escaped counts as the six it takes. */
  static String of(String value, int most) {
    StringBuilder shown = new StringBuilder("\"");
    int next = 0;
    while (next < value.length() && shown.length() <= most) {
      int c = value.codePointAt(next);
      next += Character.charCount(c);
      if (!Printable.isPrintable(c) || Character.getType(c) == Character.FORMAT) {
        shown.append(String.format("\\u%04x", c));
      } else {
        shown.appendCodePoint(c);
      }
    }
    return shown.append(next < value.length() ? "…\"" : "\"").toString();
  }
}
