package dev.notifier;

import java.util.Locale;

/** What a part of a template is written in, and so how the values in it are escaped. */
public enum TemplateFormat {
  /** The subject: one line of plain text. A line break in it, or in a value, becomes a space. */
  SUBJECT,

  /** Plain text; nothing is escaped. */
  TEXT,

  /** HTML; values are escaped for text and for attributes in quotes. */
  HTML,

  /** Telegram's MarkdownV2; values are escaped for text, code and the targets of links. */
  MARKDOWN_V2,

  /**
   * JSON. Inside a string a value is escaped; elsewhere it is written as a JSON value, with its
   * quotes if it is text.
   */
  JSON;

  /** Returns the name as template files have it, such as {@code markdown-v2}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
