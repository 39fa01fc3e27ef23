package dev.notifier.channel.telegram;

import dev.notifier.Attachment;
import dev.notifier.DeliveryAttempt;
import dev.notifier.InvalidNotificationException;
import dev.notifier.channel.telegram.MediaFile.Kind;
import dev.notifier.channel.telegram.internal.markup.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes requests of a notification, or says why that cannot be done. Immutable.
 *
 * <p>A text that fits is the caption of the first file; any other goes ahead of the files, in as
 * many parts as it needs.
 */
final class Composer {
  /** The most code points of a text, once the markup is taken away. */
  static final int MAX_TEXT = 4096;

  /** The most code points of a caption. */
  static final int MAX_CAPTION = 1024;

  private static final Pattern CHAT =
      Pattern.compile("-?[1-9][0-9]{0,15}|@[a-zA-Z][a-zA-Z0-9_]{3,31}");

  private final ParseMode parseMode;
  private final boolean linkPreview;
  private final int maxParts;

  Composer(ParseMode parseMode, boolean linkPreview, int maxParts) {
    this.parseMode = parseMode;
    this.linkPreview = linkPreview;
    this.maxParts = maxParts;
  }

  /**
   * Makes the message of an attempt.
   *
   * @throws InvalidNotificationException if Telegram would not take it
   */
  Message compose(DeliveryAttempt attempt) {
    checkAddress(attempt);
    MessageOptions options =
        MessageOptions.of(
            attempt.notification().optionsFor(attempt.channel()), parseMode, linkPreview);
    Wording wording = Wording.of(attempt.content(), options.parseMode());
    List<MediaFile> files = files(attempt, options);
    List<List<MediaFile>> albums = files.isEmpty() ? List.of() : albums(files);
    List<Step> steps = steps(wording.markup(), albums, options.replyMarkup().isPresent());
    return new Message(options, wording, steps);
  }

  private static void checkAddress(DeliveryAttempt attempt) {
    if (!CHAT.matcher(attempt.address().value()).matches()) {
      throw new InvalidNotificationException(
          "telegram address "
              + attempt.address().masked()
              + " is not valid: it must be a numeric chat id or the @name of a public chat");
    }
  }

  private static List<MediaFile> files(DeliveryAttempt attempt, MessageOptions options) {
    attempt.attachments().forEach(Composer::checkSize);
    List<MediaFile> files = new ArrayList<>();
    options.photos().forEach(url -> files.add(new MediaFile.Link(Kind.PHOTO, url)));
    options.documents().forEach(url -> files.add(new MediaFile.Link(Kind.DOCUMENT, url)));
    attempt.attachments().forEach(attachment -> files.add(MediaFile.of(attachment)));
    return files;
  }

  private static void checkSize(Attachment attachment) {
    if (attachment.size() < 1 || attachment.size() > MediaFile.MAX_DOCUMENT_BYTES) {
      throw new InvalidNotificationException(
          "an attachment for telegram must have 1 to "
              + MediaFile.MAX_DOCUMENT_BYTES
              + " bytes, but has "
              + attachment.size());
    }
  }

  private static List<List<MediaFile>> albums(List<MediaFile> files) {
    return Stream.of(Kind.values())
        .map(kind -> files.stream().filter(file -> file.kind() == kind).toList())
        .flatMap(Composer::tenAtATime)
        .toList();
  }

  private static Stream<List<MediaFile>> tenAtATime(List<MediaFile> files) {
    return Stream.iterate(0, from -> from < files.size(), from -> from + Step.MAX_FILES)
        .map(from -> files.subList(from, Math.min(from + Step.MAX_FILES, files.size())));
  }

  private List<Step> steps(Markup text, List<List<MediaFile>> albums, boolean hasReplyMarkup) {
    if (!albums.isEmpty() && canBeCaption(text, albums.get(0), hasReplyMarkup)) {
      return filesWithCaption(text, albums, hasReplyMarkup);
    }
    List<Markup> parts = parts(text);
    List<Step> steps = new ArrayList<>();
    for (Markup part : parts) {
      steps.add(Step.text(part, hasReplyMarkup && steps.size() == parts.size() - 1));
    }
    albums.forEach(album -> steps.add(new Step(Markup.plain(""), album, false)));
    return steps;
  }

  /** An album takes no buttons, so a text with buttons is a message of its own. */
  private static boolean canBeCaption(Markup text, List<MediaFile> album, boolean hasReplyMarkup) {
    return text.length() <= MAX_CAPTION && (album.size() == 1 || !hasReplyMarkup);
  }

  private static List<Step> filesWithCaption(
      Markup text, List<List<MediaFile>> albums, boolean hasReplyMarkup) {
    List<Step> steps = new ArrayList<>();
    for (List<MediaFile> album : albums) {
      boolean first = steps.isEmpty();
      steps.add(new Step(first ? text : Markup.plain(""), album, first && hasReplyMarkup));
    }
    return steps;
  }

  private List<Markup> parts(Markup text) {
    if (text.length() > (long) maxParts * MAX_TEXT) {
      throw tooLong(text.length());
    }
    List<Markup> parts = text.split(MAX_TEXT);
    if (parts.isEmpty()) {
      throw new InvalidNotificationException(
          "the content has nothing that telegram could show: call text(...) or subject(...)");
    }
    if (parts.size() > maxParts) {
      throw tooLong(text.length());
    }
    return parts;
  }

  private InvalidNotificationException tooLong(int length) {
    return new InvalidNotificationException(
        "a text for telegram must fit into "
            + maxParts
            + " messages of "
            + MAX_TEXT
            + " characters, but has "
            + length
            + " characters: shorten it, attach it as a file, or raise maxParts of the channel");
  }
}
