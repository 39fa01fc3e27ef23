package dev.notifier.channel.telegram.internal.markup;

/** Writes text so that Telegram takes it for text. */
public final class Escapes {
  private static final String MARKDOWN = "\\_*[]()~`>#+-=|{}.!";

  private Escapes() {}

  /** Escapes what HTML gives a meaning to. */
  public static String html(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
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
