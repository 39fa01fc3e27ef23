package dev.notifier.internal.render;

/** Makes one line of a subject, so that no value can begin a header of its own. */
final class SubjectLine {
  private SubjectLine() {}

  /** Turns each run of line breaks and other control characters into a space. */
  static String of(String text) {
    StringBuilder line = new StringBuilder(text.length());
    boolean gap = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        gap = true;
      } else {
        line.append(gap && line.length() > 0 ? " " : "").append(c);
        gap = false;
      }
    }
    return line.toString().strip();
  }
}
