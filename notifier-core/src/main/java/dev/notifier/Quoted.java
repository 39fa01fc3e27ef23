package dev.notifier;

/**
 * Shows a value that somebody else wrote inside an error message: short, on one line, in quotes.
 */
final class Quoted {
  private static final int SHOWN = 60;

  private Quoted() {}

  static String of(String value) {
    StringBuilder shown = new StringBuilder("\"");
    value
        .codePoints()
        .limit(SHOWN)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                shown.append(String.format("\\u%04x", c));
              } else {
                shown.appendCodePoint(c);
              }
            });
    boolean cut = value.codePointCount(0, value.length()) > SHOWN;
    return shown.append(cut ? "…\"" : "\"").toString();
  }
}
