package dev.notifier;

import java.util.Locale;
import java.util.Objects;

/**
 * One text of a template: what one channel says in one language, or its subject.
 *
 * @param channel the channel
 * @param locale its language; {@link Locale#ROOT} for the default
 * @param format what it is written in; a channel has at most one part of each in a language
 * @param text the text with its tags, at most 1,000,000 characters
 */
public record TemplatePart(ChannelId channel, Locale locale, TemplateFormat format, String text) {
  private static final int MAX_TEXT = 1_000_000;

  /**
   * Creates the part.
   *
   * @throws IllegalArgumentException if the text is too long
   */
  public TemplatePart {
    Objects.requireNonNull(channel, "channel");
    locale = Locale.forLanguageTag(locale.toLanguageTag()); // what the text form can say
    Objects.requireNonNull(format, "format");
    if (text.length() > MAX_TEXT) {
      throw new IllegalArgumentException(
          "a part of a template must have at most "
              + MAX_TEXT
              + " characters, but "
              + label(channel, locale, format)
              + " has "
              + text.length());
    }
  }

  /** Returns its name, such as {@code email.html} or {@code email.html de-AT}. */
  public String label() {
    return label(channel, locale, format);
  }

  private static String label(ChannelId channel, Locale locale, TemplateFormat format) {
    String language = locale.equals(Locale.ROOT) ? "" : " " + locale.toLanguageTag();
    return channel + "." + format.label() + language;
  }

  /** Returns the name and how long the text is, never the text. */
  @Override
  public String toString() {
    return "TemplatePart[" + label() + ", " + text.length() + " characters]";
  }
}
