package dev.notifier;

import java.math.BigDecimal;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text form of templates: declarations first, then each part after a line {@code ===
 * channel.format language}. In a part, a line that begins with {@code ===} is written with a
 * backslash before it.
 */
final class TemplateText {
  private static final String MARK = "===";
  private static final Pattern PART =
      Pattern.compile("===\\s+([a-z0-9-]+)\\.([a-z0-9-]+)(?:\\s+([A-Za-z0-9-]+))?");
  private static final Pattern VARIABLE =
      Pattern.compile(
          "(requires|optional)\\s+(\\S+?)\\s*(?::\\s*(\\w+)\\s*)?(?:=\\s?(.*))?", Pattern.DOTALL);

  private final Template.Builder template;
  private final String[] lines;
  private int next;

  private TemplateText(String name, String text) {
    this.template = Template.named(name);
    this.lines = text.split("\n", -1);
  }

  // --- Reading ----------------------------------------------------------------------------------

  static Template parse(String name, String text) {
    return new TemplateText(name, text).read();
  }

  private Template read() {
    while (next < lines.length && !lines[next].startsWith(MARK)) {
      try {
        readDeclaration(lines[next].stripLeading());
      } catch (IllegalArgumentException | NotifierException e) {
        throw bad(next, String.valueOf(e.getMessage()));
      }
      next++;
    }
    while (next < lines.length) {
      int heading = next;
      try {
        readPart();
      } catch (IllegalArgumentException | NotifierException e) {
        throw bad(heading, String.valueOf(e.getMessage()));
      }
    }
    return template.build();
  }

  private static IllegalArgumentException bad(int line, String message) {
    return new IllegalArgumentException("line " + (line + 1) + ": " + message);
  }

  private void readDeclaration(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    if (line.strip().equals("lenient")) {
      template.lenient();
      return;
    }
    if (line.startsWith("language ")) {
      template.language(localeOf(line.substring("language ".length()).strip()));
      return;
    }
    Matcher variable = VARIABLE.matcher(line);
    if (!variable.matches()) {
      throw new IllegalArgumentException(
          "expected \"requires name: type\", \"optional name: type = default\", \"language …\","
              + " \"lenient\" or \"=== channel.format\", but found "
              + Quoted.of(line));
    }
    template.variable(variableOf(variable));
  }

  private static TemplateVariable variableOf(Matcher line) {
    VariableType type = line.group(3) == null ? VariableType.ANY : typeOf(line.group(3));
    Optional<Object> value =
        Optional.ofNullable(line.group(4)).map(text -> valueOf(type, unescaped(text)));
    return new TemplateVariable(line.group(2), type, line.group(1).equals("requires"), value);
  }

  private static VariableType typeOf(String name) {
    for (VariableType type : VariableType.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "unknown type "
            + Quoted.of(name)
            + "; known are text, number, boolean, date, list, map and any");
  }

  /** What is no value of the type stays text, which a variable of that type refuses. */
  private static Object valueOf(VariableType type, String text) {
    return switch (type) {
      case NUMBER -> numberOr(text.strip());
      case BOOLEAN -> booleanOr(text.strip());
      case LIST -> text.isBlank() ? List.of() : text;
      case MAP -> text.isBlank() ? Map.of() : text;
      default -> text;
    };
  }

  private static Object booleanOr(String text) {
    boolean yes = text.equalsIgnoreCase("true");
    return yes || text.equalsIgnoreCase("false") ? (Object) yes : text;
  }

  private static Object numberOr(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private void readPart() {
    Matcher heading = PART.matcher(lines[next].strip());
    if (!heading.matches()) {
      throw new IllegalArgumentException(
          "expected \"=== channel.format\" or \"=== channel.format language\", such as \"==="
              + " email.html de\", but found "
              + Quoted.of(lines[next].strip()));
    }
    int from = ++next;
    while (next < lines.length && !lines[next].startsWith(MARK)) {
      next++;
    }
    Locale locale = heading.group(3) == null ? Locale.ROOT : localeOf(heading.group(3));
    template.part(
        new TemplatePart(
            ChannelId.of(heading.group(1)), locale, formatOf(heading.group(2)), body(from, next)));
  }

  /** The line break at the end belongs to the next heading, or to the end of the file. */
  private String body(int from, int to) {
    boolean last = to == lines.length;
    int end = last && to > from && lines[to - 1].isEmpty() ? to - 1 : to;
    StringBuilder body = new StringBuilder();
    for (int line = from; line < end; line++) {
      boolean escaped = lines[line].startsWith("\\") && afterBackslashes(lines[line]);
      body.append(line == from ? "" : "\n").append(lines[line].substring(escaped ? 1 : 0));
    }
    return body.toString();
  }

  private static boolean afterBackslashes(String line) {
    int start = 0;
    while (start < line.length() && line.charAt(start) == '\\') {
      start++;
    }
    return line.startsWith(MARK, start);
  }

  private static TemplateFormat formatOf(String label) {
    for (TemplateFormat format : TemplateFormat.values()) {
      if (format.label().equals(label)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "unknown format "
            + Quoted.of(label)
            + "; known are subject, text, html, markdown-v2 and json");
  }

  private static Locale localeOf(String tag) {
    try {
      return new Locale.Builder().setLanguageTag(tag).build();
    } catch (IllformedLocaleException e) {
      throw new IllegalArgumentException(
          "a language must be a tag such as de or de-AT, but was " + Quoted.of(tag));
    }
  }

  // --- Writing ----------------------------------------------------------------------------------

  static String write(Template template) {
    StringBuilder text = new StringBuilder();
    if (!template.language().equals(Locale.ROOT)) {
      text.append("language ").append(template.language().toLanguageTag()).append('\n');
    }
    if (template.lenient()) {
      text.append("lenient\n");
    }
    for (TemplateVariable variable : template.variables()) {
      text.append(declaration(variable)).append('\n');
    }
    for (TemplatePart part : template.parts()) {
      text.append(MARK).append(' ').append(part.label()).append('\n');
      writeBody(part.text(), text);
    }
    return text.toString();
  }

  private static String declaration(TemplateVariable variable) {
    return (variable.required() ? "requires " : "optional ")
        + variable.name()
        + ": "
        + variable.type().name().toLowerCase(Locale.ROOT)
        + variable.defaultValue().map(value -> " = " + written(value)).orElse("");
  }

  private static String written(Object value) {
    if (value instanceof List || value instanceof Map) {
      return "";
    }
    return value instanceof BigDecimal number
        ? number.toPlainString()
        : value.toString().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        char code = text.charAt(++i);
        plain.append(code == 'n' ? '\n' : code == 'r' ? '\r' : code);
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static void writeBody(String body, StringBuilder text) {
    for (String line : body.split("\n", -1)) {
      text.append(afterBackslashes(line) ? "\\" : "").append(line).append('\n');
    }
  }
}
