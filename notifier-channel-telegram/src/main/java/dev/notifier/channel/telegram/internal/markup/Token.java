package dev.notifier.channel.telegram.internal.markup;

/**
 * A piece of marked-up text: what is written, and what a reader sees of it.
 *
 * @param closing what would end an OPEN before its time; empty for the rest
 */
record Token(Kind kind, String source, String visible, String closing) {
  /** What a token is. */
  enum Kind {
    /** Text that says what it shows; it can be cut between any two code points. */
    TEXT,
    /** An entity or an escape: several characters that show one, not to be cut. */
    ATOM,
    /** The start of bold text, a link and the like. */
    OPEN,
    /** Its end. */
    CLOSE
  }

  static Token text(String text) {
    return new Token(Kind.TEXT, text, text, "");
  }

  static Token atom(String source, String visible) {
    return new Token(Kind.ATOM, source, visible, "");
  }

  static Token open(String source, String closing) {
    return new Token(Kind.OPEN, source, "", closing);
  }

  static Token close(String source) {
    return new Token(Kind.CLOSE, source, "", "");
  }

  /** Returns how many code points a reader sees. */
  int length() {
    return visible.codePointCount(0, visible.length());
  }

  /** Tells whether it is seen only by what it does to the text around it. */
  boolean isMark() {
    return kind == Kind.OPEN || kind == Kind.CLOSE;
  }
}
