package dev.notifier.internal.render;

import java.util.Optional;

/**
 * Where in its HTML a text has come to, as far as it decides whether escaping makes a value safe.
 * Branches are read one after the other, as if all of them were taken.
 */
final class HtmlState {
  private static final String SCRIPT = "<script";
  private static final String SCRIPT_END = "</script";

  private enum At {
    TEXT,
    TAG,
    BEFORE_VALUE,
    BARE_VALUE,
    DOUBLE_QUOTES,
    SINGLE_QUOTES,
    COMMENT,
    SCRIPT
  }

  private At at = At.TEXT;
  private boolean beginsScript;

  /** Returns the state of what is included here. */
  HtmlState copy() {
    HtmlState copy = new HtmlState();
    copy.at = at;
    copy.beginsScript = beginsScript;
    return copy;
  }

  /** Reads fixed text, up to the next tag of the template. */
  void read(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      at = next(text, i, to);
    }
  }

  private At next(String text, int i, int to) {
    char c = text.charAt(i);
    return switch (at) {
      case TEXT -> c == '<' ? opened(text, i, to) : at;
      case TAG -> c == '>' ? ended() : c == '=' ? At.BEFORE_VALUE : at;
      case BEFORE_VALUE -> beforeValue(c);
      case BARE_VALUE -> c == '>' ? ended() : Character.isWhitespace(c) ? At.TAG : at;
      case DOUBLE_QUOTES -> c == '"' ? At.TAG : at;
      case SINGLE_QUOTES -> c == '\'' ? At.TAG : at;
      case COMMENT -> c == '>' && text.startsWith("--", i - 2) ? At.TEXT : at;
      case SCRIPT -> isAt(text, i, SCRIPT_END) ? At.TAG : at;
    };
  }

  /** At the end a value may follow, which could become the name. */
  private At opened(String text, int i, int to) {
    if (text.startsWith("<!--", i)) {
      return At.COMMENT;
    }
    beginsScript = isAt(text, i, SCRIPT);
    boolean begins =
        i + 1 >= to
            || Character.isLetter(text.charAt(i + 1))
            || "/!?".indexOf(text.charAt(i + 1)) >= 0;
    return begins ? At.TAG : At.TEXT;
  }

  private static boolean isAt(String text, int i, String tag) {
    int end = i + tag.length();
    return text.regionMatches(true, i, tag, 0, tag.length())
        && (end >= text.length() || !Character.isLetterOrDigit(text.charAt(end)));
  }

  private At ended() {
    boolean script = beginsScript;
    beginsScript = false;
    return script ? At.SCRIPT : At.TEXT;
  }

  private At beforeValue(char c) {
    if (Character.isWhitespace(c)) {
      return at;
    }
    return switch (c) {
      case '"' -> At.DOUBLE_QUOTES;
      case '\'' -> At.SINGLE_QUOTES;
      case '>' -> ended();
      default -> At.BARE_VALUE;
    };
  }

  /** Returns why no value can be escaped for this place; empty if it can. */
  Optional<String> problemWithValue() {
    return switch (at) {
      case TEXT, DOUBLE_QUOTES, SINGLE_QUOTES, COMMENT -> Optional.empty();
      case BEFORE_VALUE, BARE_VALUE -> Optional.of("put quotes around the value of this attribute");
      case TAG ->
          Optional.of(
              "a value must not name a tag or an attribute: it can stand in quotes, as in"
                  + " title=\"{{…}}\"");
      case SCRIPT -> Optional.of("a value cannot be escaped for a script: remove it");
    };
  }
}
