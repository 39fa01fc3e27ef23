package dev.notifier.channel.telegram;

import dev.notifier.channel.telegram.internal.markup.Escapes;

/**
 * Escapes values that are put into marked-up text, so that Telegram shows them as they are.
 *
 * <p>For HTML that is {@link #escapeHtml}, also inside an attribute in double quotes. MarkdownV2
 * has three sets of rules: for text, for code and for the targets of links. Thread-safe.
 */
public final class TelegramText {
  private TelegramText() {}

  /** Escapes {@code & < > "} for HTML. */
  public static String escapeHtml(String text) {
    return Escapes.html(text);
  }

  /** Escapes each of {@code _*[]()~`>#+-=|{}.!\} for the text of MarkdownV2. */
  public static String escapeMarkdownV2(String text) {
    return Escapes.markdownV2(text);
  }

  /** Escapes the backtick and the backslash, for code of MarkdownV2, inline or in a block. */
  public static String escapeMarkdownV2Code(String code) {
    return Escapes.markdownV2Code(code);
  }

  /** Escapes {@code )} and the backslash, for the part in round brackets of a MarkdownV2 link. */
  public static String escapeMarkdownV2Url(String url) {
    return Escapes.markdownV2Url(url);
  }
}
