package dev.notifier.internal.render;

import dev.notifier.TemplateReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One text on its way through mustache.java's parser: which tag it is at, and which sections are
 * open. It checks each tag before the parser acts on it.
 */
final class Parse {
  private static final int MAX_NESTING = 50;
  private static final Pattern DELIMITERS = Pattern.compile("=\\s*\\S{1,2}\\s+\\S{1,2}\\s*");

  /** A section, block or layout whose end has not come yet. */
  record Open(char kind, String name, Place place, Scope scope, @Nullable Path path) {
    String tag() {
      return "{{" + kind + name + "}}";
    }
  }

  private final TemplateReference template;
  private final String part;
  private final String text;
  private final SourceReader reader;
  private final Scope scope;
  private final Names names;
  private final int indentation;
  private final Deque<Open> opens = new ArrayDeque<>();
  private Place place;
  private int tagStart;
  private @Nullable Open closed;

  /**
   * Creates the parse.
   *
   * @param indentation how many spaces were put before each line but the first
   */
  Parse(
      TemplateReference template,
      String part,
      String text,
      Scope scope,
      Names names,
      int indentation) {
    this.template = template;
    this.part = part;
    this.text = text;
    this.reader = new SourceReader(text);
    this.scope = scope;
    this.names = names;
    this.indentation = indentation;
    this.place = new Place(template, part, 1, 1);
  }

  /** Makes the path of a name, and notes a problem if it is not declared. */
  @FunctionalInterface
  interface Names {
    Path bind(String name, Scope scope, Place place);
  }

  SourceReader reader() {
    return reader;
  }

  /** Returns the place of the last tag. */
  Place place() {
    return place;
  }

  /** Returns what is known of names here. */
  Scope scope() {
    Open innermost = opens.peek();
    return innermost == null ? scope : innermost.scope();
  }

  /** Returns the section whose end tag was the last tag. */
  Open closed() {
    if (closed == null) {
      throw place.failure("a section ends that did not begin");
    }
    return closed;
  }

  /** Takes note of a tag that the parser has just read; returns it as the parser shall see it. */
  String tag(String content) {
    locate(content);
    if (reader.hasEnded()) {
      throw place.failure("this tag is not closed: \"}}\" is missing");
    }
    String tag = content.strip();
    if (tag.isEmpty()) {
      throw place.failure("this tag is empty: a name is missing");
    }
    switch (tag.charAt(0)) {
      case '#', '^', '<', '$' -> open(tag.charAt(0), tag.substring(1).strip());
      case '/' -> close(tag.substring(1).strip());
      case '=' -> checkDelimiters(tag);
      case '%' -> throw place.failure("pragmas ({{%…}}) are not supported");
      case '?' -> throw place.failure("{{?…}} is not supported: test a variable by {{#…}}");
      default -> {}
    }
    return tag;
  }

  private void locate(String content) {
    int end = reader.position() - content.length();
    if (!reader.hasEnded()) {
      end -= text.startsWith("}}", reader.position() - 2) ? 2 : 1;
    }
    int contentStart = Math.max(0, text.lastIndexOf(content, Math.max(0, end)));
    tagStart = Math.max(0, contentStart - 2);
    int lineStart = text.lastIndexOf('\n', Math.max(0, contentStart - 1)) + 1;
    int line = 1 + (int) text.substring(0, lineStart).chars().filter(c -> c == '\n').count();
    int column = Math.max(1, tagStart - lineStart + 1 - (line == 1 ? 0 : indentation));
    place = new Place(template, part, line, column);
  }

  private void open(char kind, String name) {
    if (opens.size() >= MAX_NESTING) {
      throw place.failure("sections nest at most " + MAX_NESTING + " deep");
    }
    boolean bindsName = kind == '#' || kind == '^';
    Path path = bindsName ? names.bind(name, scope(), place) : null;
    Scope inside = kind == '#' && !name.equals(".") ? scope().inside(name) : scope();
    opens.push(new Open(kind, name, place, inside, path));
  }

  private void close(String name) {
    Open innermost = opens.peek();
    if (innermost == null) {
      throw place.failure("{{/" + name + "}} ends a section that did not begin");
    }
    if (!innermost.name().equals(name)) {
      throw place.failure(
          "{{/"
              + name
              + "}} comes before the end of "
              + innermost.tag()
              + ", which began in line "
              + innermost.place().line());
    }
    closed = opens.pop();
  }

  private void checkDelimiters(String tag) {
    if (!DELIMITERS.matcher(tag).matches()) {
      throw place.failure("new delimiters must have one or two characters each, as in {{=<% %>=}}");
    }
  }

  /** Returns what to say of a failure that the parser found by itself. */
  RenderFailure failure() {
    Open innermost = opens.peek();
    return reader.hasEnded() && innermost != null
        ? innermost.place().failure(innermost.tag() + " has no end: {{/" + innermost.name() + "}}")
        : place.failure("this tag cannot be read");
  }

  /** Tells whether the last tag is the value of an attribute without quotes around it. */
  boolean isInBareAttribute() {
    int before = tagStart - 1;
    while (before >= 0 && Character.isWhitespace(text.charAt(before))) {
      before--;
    }
    return before >= 0
        && text.charAt(before) == '='
        && text.lastIndexOf('<', before) > text.lastIndexOf('>', before);
  }

  /** Tells whether the last tag is inside a script element, where escaping for HTML is no help. */
  boolean isInScript() {
    String before = text.substring(0, tagStart).toLowerCase(Locale.ROOT);
    return before.lastIndexOf("<script") > before.lastIndexOf("</script");
  }
}
