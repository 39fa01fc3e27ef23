package dev.notifier.channel.telegram;

/**
 * Hears of what changes about chats, so that an application can mend its address book.
 *
 * <p>Called on the thread that made the attempt or handed in the callback; it must be quick and
 * thread-safe. What it throws is logged and changes nothing. Chat ids are whole addresses: they
 * must not be logged.
 */
public interface TelegramListener {
  /**
   * A group became a supergroup and has a new id. The channel sends to the new id from now on, but
   * forgets it when the process ends.
   */
  default void chatMigrated(String oldChatId, String newChatId) {}

  /**
   * A user has blocked the bot, or a group or channel has removed it: Telegram reports it by a
   * callback. The channel suppresses nobody for it; the application may.
   */
  default void botBlocked(String chatId) {}

  /** A user has started or unblocked the bot, or a group or channel has added it. */
  default void botAdmitted(String chatId) {}
}
