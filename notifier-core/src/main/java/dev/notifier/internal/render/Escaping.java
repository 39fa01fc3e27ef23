package dev.notifier.internal.render;

import dev.notifier.TemplatePart;
import org.jspecify.annotations.Nullable;

/** How a value is escaped for where it lands. */
enum Escaping {
  NONE,
  HTML,
  MARKDOWN_V2,
  JSON;

  private static final String MARKDOWN_SPECIAL = "_*[]()~`>#+-=|{}.!\\";

  static Escaping of(TemplatePart part) {
    return switch (part.format()) {
      case SUBJECT, TEXT -> NONE;
      case HTML -> HTML;
      case MARKDOWN_V2 -> MARKDOWN_V2;
      case JSON -> JSON;
    };
  }

  void append(String value, StringBuilder out) {
    switch (this) {
      case NONE -> out.append(value);
      case HTML -> appendHtml(value, out);
      case MARKDOWN_V2 -> appendMarkdown(value, out);
      case JSON -> appendJson(value, out);
    }
  }

  /** For text, and for attributes in double or single quotes. A line break stays one. */
  private static void appendHtml(String value, StringBuilder out) {
    int start = 0;
    for (int i = 0; i < value.length(); i++) {
      String entity = entity(value.charAt(i));
      if (entity != null) {
        out.append(value, start, i).append(entity);
        start = i + 1;
      }
    }
    out.append(value, start, value.length());
  }

  /** Numeric for the apostrophe: Telegram knows four named entities, and not that one. */
  private static @Nullable String entity(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      default -> null;
    };
  }

  /** Telegram unescapes a backslash before any ASCII character, in text, code and links alike. */
  private static void appendMarkdown(String value, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      out.append(MARKDOWN_SPECIAL.indexOf(c) >= 0 ? "\\" : "").append(c);
    }
  }

  /** For the inside of a JSON string, by RFC 8259, 7. */
  private static void appendJson(String value, StringBuilder out) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // U+2028 and U+2029 end a line in old JavaScript; '<' could end a script element.
          if (c < 0x20 || c == 0x7f || c == '\u2028' || c == '\u2029' || c == '<') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
  }
}
