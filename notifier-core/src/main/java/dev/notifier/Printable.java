package dev.notifier;

/** What may stand in a name, a key or an address: anything that one line of text can hold. */
final class Printable {
  private Printable() {}

  /** Tells whether there is no control character, line break or unpaired surrogate. */
  static boolean isPrintable(String text) {
    int codePoint;
    for (int i = 0; i < text.length(); i += Character.charCount(codePoint)) {
      codePoint = text.codePointAt(i);
      if (!isPrintable(codePoint)) {
        return false;
      }
    }
    return true;
  }

  static boolean isPrintable(int codePoint) {
    if (codePoint >= ' ' && codePoint <= '~') {
      return true; // nearly all there is
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
