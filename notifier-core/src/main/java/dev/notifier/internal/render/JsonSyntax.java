package dev.notifier.internal.render;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whether a text is JSON, by RFC 8259. */
final class JsonSyntax {
  private static final int MAX_DEPTH = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final String text;
  private int at;

  private JsonSyntax(String text) {
    this.text = text;
  }

  /** Returns where and why a text is no JSON; empty if it is. It shows none of the text. */
  static Optional<String> problemIn(String text) {
    JsonSyntax json = new JsonSyntax(text);
    boolean good = json.value(0) && json.skipSpace() == text.length();
    if (good) {
      return Optional.empty();
    }
    String before = text.substring(0, Math.min(json.at, text.length()));
    long line = 1 + before.chars().filter(c -> c == '\n').count();
    int column = before.length() - before.lastIndexOf('\n');
    return Optional.of(
        "it renders to text that is no JSON: look at line "
            + line
            + ", column "
            + column
            + " of the result");
  }

  private int skipSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private boolean take(char expected) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == expected) {
      at++;
      return true;
    }
    return false;
  }

  private boolean value(int depth) {
    skipSpace();
    if (at >= text.length() || depth > MAX_DEPTH) {
      return false;
    }
    return switch (text.charAt(at)) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> number();
    };
  }

  private boolean object(int depth) {
    at++;
    if (take('}')) {
      return true;
    }
    do {
      skipSpace();
      if (!string() || !take(':') || !value(depth + 1)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private boolean array(int depth) {
    at++;
    if (take(']')) {
      return true;
    }
    do {
      if (!value(depth + 1)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean string() {
    if (at >= text.length() || text.charAt(at) != '"') {
      return false;
    }
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return true;
      }
      if (c < 0x20) {
        return false;
      }
      if (c == '\\' && !escape()) {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    at++;
    if (at >= text.length()) {
      return false;
    }
    if (text.charAt(at) != 'u') {
      return "\"\\/bfnrt".indexOf(text.charAt(at)) >= 0;
    }
    boolean good =
        at + 4 < text.length() && text.substring(at + 1, at + 5).matches("[0-9a-fA-F]{4}");
    at += good ? 4 : 0;
    return good;
  }

  private boolean word(String word) {
    boolean good = text.startsWith(word, at);
    at += good ? word.length() : 0;
    return good;
  }

  private boolean number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      return false;
    }
    at = number.end();
    return true;
  }
}
