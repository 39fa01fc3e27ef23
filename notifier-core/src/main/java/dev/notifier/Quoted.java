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

  static String of(String value, int most) {
    StringBuilder shown = new StringBuilder("\"");
    value
        .codePoints()
        .limit(most)
        .forEach(
            c -> {
              if (!Printable.isPrintable(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    boolean cut = value.codePointCount(0, value.length()) > most;
    return shown.append(cut ? "…\"" : "\"").toString();
  }
}
