package dev.notifier.internal.render;

import java.io.Reader;

/** Reads the text of a part, and knows how far the parser has come. */
final class SourceReader extends Reader {
  private final String text;
  private int position;
  private int marked;
  private boolean ended;

  SourceReader(String text) {
    this.text = text;
  }

  /** Returns how many characters were read. */
  int position() {
    return position;
  }

  /** Tells whether the parser has run into the end. */
  boolean hasEnded() {
    return ended;
  }

  @Override
  public int read() {
    if (position >= text.length()) {
      ended = true;
      return -1;
    }
    return text.charAt(position++);
  }

  @Override
  public int read(char[] into, int from, int length) {
    int c = read();
    if (c == -1) {
      return -1;
    }
    into[from] = (char) c;
    return 1;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int readAhead) {
    marked = position;
  }

  @Override
  public void reset() {
    position = marked;
  }

  @Override
  public void close() {}
}
