package dev.notifier.channel.telegram;

import dev.notifier.channel.telegram.internal.markup.Markup;
import java.util.List;

/**
 * One request of a message: a text, a file with or without a caption, or an album.
 *
 * @param text the text or caption; blank if there is none
 * @param files none, one, or 2 to 10 of one kind
 * @param withReplyMarkup whether the buttons go with it
 */
record Step(Markup text, List<MediaFile> files, boolean withReplyMarkup) {
  /** The most files of an album. */
  static final int MAX_FILES = 10;

  Step {
    files = List.copyOf(files);
  }

  static Step text(Markup text, boolean withReplyMarkup) {
    return new Step(text, List.of(), withReplyMarkup);
  }

  boolean isAlbum() {
    return files.size() > 1;
  }
}
