package dev.notifier.channel.telegram.internal.markup;

/** Writes text so that Telegram takes it for text. */
public final class Escapes {
  private static final String HTML = "&<>\"";
  private static final String MARKDOWN = "\\_*[]()~`>#+-=|{}.!";

  private Escapes() {}

  /** Escapes what HTML gives a meaning to. */
  public static String html(String text) {
    if (!holdsAny(text, HTML)) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 64);
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      String entity = entity(text.charAt(i));
      if (!entity.isEmpty()) {
        escaped.append(text, copied, i).append(entity);
        copied = i + 1;
      }
    }
    return escaped.append(text, copied, text.length()).toString();
  }

  private static String entity(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      default -> "";
    };
  }

  /** Most texts need no escape, and to look for a character is much faster than to look at all. */
  private static boolean holdsAny(String text, String characters) {
    return characters.chars().anyMatch(c -> text.indexOf(c) >= 0);
  }

  /** Escapes what MarkdownV2 gives a meaning to, outside code and link targets. */
  public static String markdownV2(String text) {
    return escape(text, MARKDOWN);
  }

  /** Escapes what ends or escapes code of MarkdownV2. */
  public static String markdownV2Code(String text) {
    return escape(text, "\\`");
  }

  /** Escapes what ends or escapes the target of a link of MarkdownV2. */
  public static String markdownV2Url(String url) {
    return escape(url, "\\)");
  }

  private static String escape(String text, String characters) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (characters.indexOf(c) >= 0) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }
}
