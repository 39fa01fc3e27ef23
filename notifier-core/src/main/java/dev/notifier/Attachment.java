package dev.notifier;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file that goes with a notification. Its bytes are read when the attachment is made, so that a
 * file that changes or vanishes later cannot break a retry. Immutable.
 */
public final class Attachment {
  /** The most bytes that {@link #file(Path)} reads, and that a notification carries unless set. */
  public static final long DEFAULT_MAX_BYTES = 10L * 1024 * 1024;

  private static final int MAX_NAME = 255;
  private static final Pattern CONTENT_TYPE =
      Pattern.compile("[a-zA-Z0-9!#$&^_.+-]{1,127}/[a-zA-Z0-9!#$&^_.+-]{1,127}");

  private static final Pattern CONTENT_ID = Pattern.compile("[a-zA-Z0-9._+@-]{1,78}");

  private final String name;
  private final String contentType;
  private final byte[] bytes;
  private final @Nullable String contentId;

  Attachment(String name, String contentType, byte[] bytes, @Nullable String contentId) {
    this.name = name;
    this.contentType = contentType;
    this.bytes = bytes;
    this.contentId = contentId;
  }

  /**
   * Returns an attachment with these bytes, which are copied.
   *
   * @param name the file name that the receiver sees: 1 to 255 characters, no path separator, no
   *     line break or other control character
   * @param contentType a media type without parameters, such as {@code application/pdf}
   * @throws InvalidNotificationException if the name or the type breaks its rule
   */
  public static Attachment of(String name, String contentType, byte[] bytes) {
    Objects.requireNonNull(bytes, "bytes");
    return new Attachment(checkName(name), checkType(contentType), bytes.clone(), null);
  }

  /**
   * Reads a file of at most 10 MB.
   *
   * @throws InvalidNotificationException if there is no such regular file, it cannot be read, or it
   *     is larger; the message says which
   */
  public static Attachment file(Path path) {
    return file(path, DEFAULT_MAX_BYTES);
  }

  /**
   * Reads a file of at most {@code maxBytes}.
   *
   * @throws InvalidNotificationException if there is no such regular file, it cannot be read, or it
   *     is larger; the message says which. Or if {@code maxBytes} is negative
   */
  public static Attachment file(Path path, long maxBytes) {
    Objects.requireNonNull(path, "path");
    if (maxBytes < 0) {
      throw new InvalidNotificationException("maxBytes must be 0 or more, but was " + maxBytes);
    }
    Path fileName = path.getFileName();
    String name = checkName(fileName == null ? "" : fileName.toString());
    String guessed = URLConnection.guessContentTypeFromName(name);
    return new Attachment(
        name, guessed == null ? "application/octet-stream" : guessed, read(path, maxBytes), null);
  }

  private static byte[] read(Path path, long maxBytes) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidNotificationException(
          "attachment " + shown(path) + " is not a readable file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      int limit = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
      byte[] read = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw new InvalidNotificationException(
            "attachment "
                + shown(path)
                + " must have at most "
                + maxBytes
                + " bytes, but is larger");
      }
      return read;
    } catch (IOException e) {
      throw new InvalidNotificationException(
          "attachment " + shown(path) + " cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private static String shown(Path path) {
    return Quoted.of(path.toString(), MAX_NAME);
  }

  private static String checkName(String name) {
    Objects.requireNonNull(name, "name");
    boolean bad =
        name.isBlank()
            || name.length() > MAX_NAME
            || !Printable.isPrintable(name)
            || name.codePoints().anyMatch(c -> c == '/' || c == '\\');
    if (bad) {
      throw new InvalidNotificationException(
          "attachment name must be 1 to "
              + MAX_NAME
              + " characters without path separators or control characters, but was "
              + Quoted.of(name));
    }
    return name;
  }

  private static String checkType(String contentType) {
    Objects.requireNonNull(contentType, "contentType");
    if (!CONTENT_TYPE.matcher(contentType).matches()) {
      throw new InvalidNotificationException(
          "attachment content type must be a media type such as application/pdf, but was "
              + Quoted.of(contentType));
    }
    return contentType;
  }

  /**
   * Returns this file as an image of the HTML text, which shows it where it says {@code cid:} and
   * this id, as in {@code <img src="cid:logo">}. A channel that cannot show it there sends it as
   * any other file.
   *
   * @param contentId 1 to 78 ASCII letters, digits and {@code . _ + - @}, once in a notification
   * @throws InvalidNotificationException if the id breaks its rule
   * @see <a href="https://www.rfc-editor.org/rfc/rfc2392">RFC 2392</a>
   */
  public Attachment inline(String contentId) {
    if (!CONTENT_ID.matcher(contentId).matches()) {
      throw new InvalidNotificationException(
          "content id must be 1 to 78 ASCII letters, digits and ._+-@, but was "
              + Quoted.of(contentId));
    }
    return new Attachment(name, contentType, bytes, contentId);
  }

  /** Returns the file name that the receiver sees. */
  public String name() {
    return name;
  }

  /** Returns the media type, such as {@code application/pdf}. */
  public String contentType() {
    return contentType;
  }

  /** Returns by what id the HTML text shows it, if it was made {@link #inline}. */
  public Optional<String> contentId() {
    return Optional.ofNullable(contentId);
  }

  /** Returns a new copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Returns a stream over the bytes, without a copy; it needs no closing. */
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  /** Returns how many bytes there are. */
  public long size() {
    return bytes.length;
  }

  /** Returns the type and the size; file names can be personal and are left out. */
  @Override
  public String toString() {
    return "Attachment[" + contentType + ", " + bytes.length + " bytes]";
  }
}
