package dev.notifier;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a notification says: a subject, a plain text and an HTML text, each optional.
 *
 * <p>Channels take what they can show: e-mail all three, SMS the text. Immutable: each method
 * returns a new content.
 */
public final class Content {
  /** Content with nothing in it. */
  public static final Content EMPTY = new Content(null, null, null);

  private static final int MAX_SUBJECT = 1000;
  private static final int MAX_BODY = 10 * 1024 * 1024;

  private final @Nullable String subject;
  private final @Nullable String text;
  private final @Nullable String html;

  Content(@Nullable String subject, @Nullable String text, @Nullable String html) {
    this.subject = subject;
    this.text = text;
    this.html = html;
  }

  /** Returns content that is plain text only. */
  public static Content text(String text) {
    return EMPTY.withText(text);
  }

  /**
   * Returns this content with a subject of at most 1,000 characters.
   *
   * @throws InvalidNotificationException if it is longer, or holds a line break or another control
   *     character, which could forge a header
   */
  public Content withSubject(String subject) {
    Objects.requireNonNull(subject, "subject");
    checkLength("subject", subject, MAX_SUBJECT);
    if (!Printable.isPrintable(subject)) {
      throw new InvalidNotificationException(
          "subject must be one line without control characters or unpaired surrogates, but was "
              + Quoted.of(subject));
    }
    return new Content(subject, text, html);
  }

  /** Returns this content with a plain text of at most 10,485,760 characters. */
  public Content withText(String text) {
    Objects.requireNonNull(text, "text");
    checkLength("text", text, MAX_BODY);
    checkWellFormed("text", text);
    return new Content(subject, text, html);
  }

  /** Returns this content with an HTML text of at most 10,485,760 characters. */
  public Content withHtml(String html) {
    Objects.requireNonNull(html, "html");
    checkLength("html", html, MAX_BODY);
    checkWellFormed("html", html);
    return new Content(subject, text, html);
  }

  private static void checkLength(String part, String value, int max) {
    if (value.length() > max) {
      throw new InvalidNotificationException(
          part + " must have at most " + max + " characters, but has " + value.length());
    }
  }

  /** An unpaired surrogate has no encoding: it would reach the reader as a question mark. */
  private static void checkWellFormed(String part, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isSurrogate(value.charAt(i))) {
        if (Character.isSurrogatePair(
            value.charAt(i), i + 1 < value.length() ? value.charAt(i + 1) : 0)) {
          i++;
        } else {
          throw new InvalidNotificationException(
              part + " must be well-formed Unicode, but has an unpaired surrogate at index " + i);
        }
      }
    }
  }

  /** Returns the subject, if there is one. */
  public Optional<String> subject() {
    return Optional.ofNullable(subject);
  }

  /** Returns the plain text, if there is one. */
  public Optional<String> text() {
    return Optional.ofNullable(text);
  }

  /** Returns the HTML text, if there is one. */
  public Optional<String> html() {
    return Optional.ofNullable(html);
  }

  /** Tells whether there is neither a subject nor a text nor HTML with a visible character. */
  public boolean isBlank() {
    return isBlank(subject) && isBlank(text) && isBlank(html);
  }

  private static boolean isBlank(@Nullable String part) {
    return part == null || part.isBlank();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Content that
        && Objects.equals(subject, that.subject)
        && Objects.equals(text, that.text)
        && Objects.equals(html, that.html);
  }

  @Override
  public int hashCode() {
    return Objects.hash(subject, text, html);
  }

  /** Returns which parts there are and how long they are, never what they say. */
  @Override
  public String toString() {
    return "Content[subject="
        + size(subject)
        + ", text="
        + size(text)
        + ", html="
        + size(html)
        + "]";
  }

  private static String size(@Nullable String part) {
    return part == null ? "none" : part.length() + " characters";
  }
}
