package dev.notifier.channel.telegram.internal.markup;

/** What is left of a text when its markup is taken away, whether or not Telegram knows it. */
public final class PlainText {
  private PlainText() {}

  /** Returns what a reader of MarkdownV2 may have meant: the text without its escapes. */
  public static String ofMarkdownV2(String text) {
    return text.replaceAll("\\\\([\\x01-\\x7e])", "$1");
  }

  /** Returns the words of any HTML, in lines as a browser would show them; links in brackets. */
  public static String ofHtml(String html) {
    return new HtmlStripper(html).strip();
  }
}
