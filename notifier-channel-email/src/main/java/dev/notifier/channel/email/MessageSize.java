package dev.notifier.channel.email;

import dev.notifier.Attachment;
import java.util.List;
import java.util.stream.Stream;

/** How large a message gets, known before it is encoded. */
final class MessageSize {
  private MessageSize() {}

  /** Returns how many bytes its texts and files have at least once the files are in base64. */
  static long atLeast(EmailMessage message) {
    long files =
        Stream.of(message.attachments(), message.inlineImages())
            .flatMap(List::stream)
            .mapToLong(Attachment::size)
            .map(size -> (size + 2) / 3 * 4)
            .sum();
    return files + message.givenCharacters();
  }
}
