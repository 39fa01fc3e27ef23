package dev.notifier.internal.render;

import dev.notifier.TemplateFormat;
import dev.notifier.TemplatePart;
import org.jspecify.annotations.Nullable;

/** How a value is escaped for where it lands. */
enum Escaping {
  NONE {
    @Override
    void append(String value, StringBuilder out) {
      out.append(value);
    }
  },

  /** Text, and attributes in double or single quotes. A line break stays one. */
  HTML {
    @Override
    void append(String value, StringBuilder out) {
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
  },

  /** Telegram unescapes a backslash before any ASCII character, in text, code and links alike. */
  MARKDOWN_V2 {
    @Override
    void append(String value, StringBuilder out) {
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if ("_*[]()~`>#+-=|{}.!\\".indexOf(c) >= 0) {
          out.append('\\');
        }
        out.append(c);
      }
    }
  },

  /** The inside of a JSON string, by RFC 8259, 7. */
  JSON {
    @Override
    void append(String value, StringBuilder out) {
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
  };

  abstract void append(String value, StringBuilder out);

  static Escaping of(TemplatePart part) {
    TemplateFormat format = part.format();
    return switch (format) {
      case SUBJECT, TEXT -> NONE;
      case HTML -> HTML;
      case MARKDOWN_V2 -> MARKDOWN_V2;
      case JSON -> JSON;
    };
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
}
