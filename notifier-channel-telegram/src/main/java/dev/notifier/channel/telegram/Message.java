package dev.notifier.channel.telegram;

import java.util.List;

/**
 * A notification as Telegram is to get it: one or more requests, in order. Immutable.
 *
 * @param wording what of the content is said, and how Telegram is to read it
 */
record Message(MessageOptions options, Wording wording, List<Step> steps) {
  Message {
    steps = List.copyOf(steps);
  }

  /** Returns how Telegram is to read the text. */
  ParseMode mode() {
    return wording.mode();
  }

  /** Returns what a sender should know of it, in words. */
  List<String> notes() {
    String size =
        wording.markup().length()
            + " characters of "
            + name(mode())
            + " text in "
            + steps.size()
            + (steps.size() == 1 ? " message" : " messages");
    return wording.note().isEmpty() ? List.of(size) : List.of(size, wording.note());
  }

  private static String name(ParseMode mode) {
    return switch (mode) {
      case HTML -> "HTML";
      case MARKDOWN_V2 -> "MarkdownV2";
      case PLAIN -> "plain";
    };
  }
}
