package dev.notifier.channel.telegram;

import java.util.List;

/**
 * A notification as Telegram is to get it: one or more requests, in order. Immutable.
 *
 * @param mode how Telegram reads the text, once it is known what the text is
 * @param notes what a sender should know of it, in words
 */
record Message(MessageOptions options, ParseMode mode, List<Step> steps, List<String> notes) {
  Message {
    steps = List.copyOf(steps);
    notes = List.copyOf(notes);
  }
}
