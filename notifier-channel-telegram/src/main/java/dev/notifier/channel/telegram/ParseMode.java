package dev.notifier.channel.telegram;

/**
 * How Telegram reads the markup of a text.
 *
 * @see <a href="https://core.telegram.org/bots/api#formatting-options">Bot API, formatting</a>
 */
public enum ParseMode {
  /**
   * The HTML of a notification is sent, if Telegram knows every tag in it; or else its text,
   * escaped.
   */
  HTML,
  /** The text of a notification is sent and must be valid MarkdownV2: see {@link TelegramText}. */
  MARKDOWN_V2,
  /** The text of a notification is sent as it stands. */
  PLAIN
}
