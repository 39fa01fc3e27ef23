package dev.notifier.channel.telegram;

import dev.notifier.Attachment;
import java.util.Set;

/** A file that goes with a message: Telegram fetches it, or it is sent along. */
sealed interface MediaFile {
  /** Telegram refuses a larger photo; it goes as a document instead. */
  long MAX_PHOTO_BYTES = 10L * 1024 * 1024;

  /** A bot can send no larger file. */
  long MAX_DOCUMENT_BYTES = 50L * 1024 * 1024;

  /** A GIF is left out: as a photo it would stand still. */
  Set<String> PHOTO_TYPES = Set.of("image/jpeg", "image/png", "image/webp");

  /** How a file is shown. An album holds files of one kind only. */
  enum Kind {
    PHOTO("photo", "sendPhoto"),
    DOCUMENT("document", "sendDocument");

    private final String field;
    private final String method;

    Kind(String field, String method) {
      this.field = field;
      this.method = method;
    }

    /** Returns the name of its parameter, which is also the type of an album's entry. */
    String field() {
      return field;
    }

    /** Returns the method that sends one of it. */
    String method() {
      return method;
    }
  }

  /** Returns how it is shown. */
  Kind kind();

  /** A file that Telegram fetches. */
  record Link(Kind kind, String url) implements MediaFile {}

  /** A file that is sent along. */
  record Upload(Kind kind, Attachment attachment) implements MediaFile {}

  static MediaFile of(Attachment attachment) {
    boolean photo =
        PHOTO_TYPES.contains(attachment.contentType()) && attachment.size() <= MAX_PHOTO_BYTES;
    return new Upload(photo ? Kind.PHOTO : Kind.DOCUMENT, attachment);
  }
}
