package dev.notifier.channel.telegram.internal.markup;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads MarkdownV2 as the Bot API does. A character that means something must be escaped where it
 * means nothing, or else the text is refused.
 *
 * @see <a href="https://core.telegram.org/bots/api#markdownv2-style">Bot API, MarkdownV2 style</a>
 */
final class MarkdownTokens {
  private static final String RESERVED = "_*[]()~`>#+-=|{}.!";
  private static final String QUOTE = ">";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private final StringBuilder run = new StringBuilder();

  /** The marks that are open, the innermost first. */
  private final Deque<Open> open = new ArrayDeque<>();

  private int at;

  /**
   * A mark that is open.
   *
   * @param mark the mark alone, such as {@code *} or {@code [}
   * @param token the index of its token
   */
  private record Open(String mark, int token) {}

  private MarkdownTokens(String text) {
    this.text = text;
  }

  /** Returns the tokens; empty if Telegram would refuse the text. */
  static Optional<List<Token>> of(String text) {
    MarkdownTokens reader = new MarkdownTokens(text);
    while (reader.at < text.length()) {
      if (!reader.readOne()) {
        return Optional.empty();
      }
    }
    return reader.finish() ? Optional.of(reader.tokens) : Optional.empty();
  }

  private boolean finish() {
    if (isTop(QUOTE)) {
      close("");
    }
    flush();
    return open.isEmpty();
  }

  private boolean readOne() {
    char c = text.charAt(at);
    if (c == '\\' && at + 1 < text.length() && isEscapable(text.charAt(at + 1))) {
      return atom(2, text.substring(at + 1, at + 2));
    }
    if (isTop("`") || isTop("```")) {
      String mark = open.element().mark();
      return text.startsWith(mark, at) ? close(mark) : literal();
    }
    if (c == '\n' && isInQuote()) {
      return readLineEndOfQuote();
    }
    if (startsQuote()) {
      return open(QUOTE, text.startsWith(QUOTE, at) ? QUOTE : "**>", "");
    }
    return RESERVED.indexOf(c) < 0 ? literal() : readMark();
  }

  private static boolean isEscapable(char c) {
    return c >= 1 && c <= 126;
  }

  private boolean literal() {
    run.append(text.charAt(at++));
    return true;
  }

  private boolean isInQuote() {
    return !open.isEmpty() && open.getLast().mark().equals(QUOTE);
  }

  /** A quotation is at the start of a line, and in nothing else. */
  private boolean startsQuote() {
    boolean lineStart = at == 0 || text.charAt(at - 1) == '\n';
    return lineStart && open.isEmpty() && (startsWith(QUOTE) || startsWith("**>"));
  }

  private boolean readLineEndOfQuote() {
    if (startsWith("\n>")) {
      return atom(2, "\n");
    }
    return isTop(QUOTE) && close("") && literal();
  }

  private boolean readMark() {
    if (isTop(QUOTE) && endsExpandableQuote()) {
      return close("||");
    }
    if (!open.isEmpty() && closes(open.element().mark())) {
      boolean link = isTop("[") || isTop("![");
      return link ? closeLink() : close(open.element().mark());
    }
    return switch (text.charAt(at)) {
      case '*' -> openPlain("*");
      case '_' -> openPlain(startsWith("__") ? "__" : "_");
      case '~' -> openPlain("~");
      case '|' -> startsWith("||") && openPlain("||");
      case '`' -> startsWith("```") ? openCodeBlock() : openPlain("`");
      case '[' -> open("[", "[", "]");
      case '!' -> startsWith("![") && open("![", "![", "]");
      default -> false;
    };
  }

  private boolean endsExpandableQuote() {
    return startsWith("||")
        && (at + 2 == text.length()
            || (text.startsWith("\n", at + 2) && !text.startsWith("\n>", at + 2)));
  }

  private boolean closes(String mark) {
    return switch (mark) {
      case "[", "![" -> startsWith("]");
      case "_" -> startsWith("_") && !startsWith("__");
      default -> startsWith(mark);
    };
  }

  private boolean closeLink() {
    int end = at + 1;
    if (end < text.length() && text.charAt(end) == '(') {
      end = endOfTarget(end + 1);
    }
    if (end < 0) {
      return false;
    }
    flush(); // first, so that the index of the link's start is right
    String closing = text.substring(at, end);
    Open link = open.element();
    tokens.set(link.token(), Token.open(link.mark(), closing));
    return close(closing);
  }

  /** Returns where the text goes on after the target of a link; -1 if the target has no end. */
  private int endOfTarget(int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == ')') {
        return i + 1;
      }
    }
    return -1;
  }

  private boolean openPlain(String mark) {
    return open(mark, mark, mark);
  }

  private boolean openCodeBlock() {
    int end = at + 3;
    int language = end;
    while (language < text.length()
        && !Character.isWhitespace(text.charAt(language))
        && text.charAt(language) != '`') {
      language++;
    }
    if (language < text.length() && text.charAt(language) != '`') {
      end = language;
    }
    if (text.startsWith("\n", end)) {
      end++;
    }
    return open("```", text.substring(at, end), "```");
  }

  private boolean startsWith(String mark) {
    return text.startsWith(mark, at);
  }

  private boolean isTop(String mark) {
    return !open.isEmpty() && open.element().mark().equals(mark);
  }

  private boolean open(String mark, String source, String closing) {
    flush();
    open.push(new Open(mark, tokens.size()));
    tokens.add(Token.open(source, closing));
    at += source.length();
    return true;
  }

  private boolean close(String source) {
    flush();
    open.pop();
    tokens.add(Token.close(source));
    at += source.length();
    return true;
  }

  private boolean atom(int sourceLength, String visible) {
    flush();
    tokens.add(Token.atom(text.substring(at, at + sourceLength), visible));
    at += sourceLength;
    return true;
  }

  private void flush() {
    if (run.length() > 0) {
      tokens.add(Token.text(run.toString()));
      run.setLength(0);
    }
  }
}
