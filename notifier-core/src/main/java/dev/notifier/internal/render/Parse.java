package dev.notifier.internal.render;

import dev.notifier.TemplateReference;
import java.util.ArrayDeque;
import java.util.Deque;
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
  private final HtmlState html;
  private final Deque<Open> opens = new ArrayDeque<>();
  private Place place;
  private int tagStart;
  private int tagEnd;
  private int counted;
  private int line = 1;
  private int lineStart;
  private @Nullable Open closed;

  /**
   * Creates the parse.
   *
   * @param indentation how many spaces were put before each line but the first
   * @param html what the text stands in
   */
  Parse(
      TemplateReference template,
      String part,
      String text,
      Scope scope,
      Names names,
      int indentation,
      HtmlState html) {
    this.template = template;
    this.part = part;
    this.text = text;
    this.reader = new SourceReader(text);
    this.scope = scope;
    this.names = names;
    this.indentation = indentation;
    this.html = html;
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

  /** Returns where in its HTML the last tag stands. */
  HtmlState html() {
    return html;
  }

  /** Tells whether nothing else stands on the line of the last tag; it then loses its end. */
  boolean standsAlone() {
    boolean endsLine = text.startsWith("\n", tagEnd) || text.startsWith("\r\n", tagEnd);
    return endsLine && text.substring(lineStart, tagStart).isBlank();
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
    html.read(text, tagEnd, tagStart);
    tagEnd = reader.position();
    countLines(contentStart);
    int column = Math.max(1, tagStart - lineStart + 1 - (line == 1 ? 0 : indentation));
    place = new Place(template, part, line, column);
  }

  /** From where it stopped before, for there are texts of many tags. */
  private void countLines(int to) {
    for (; counted < to; counted++) {
      if (text.charAt(counted) == '\n') {
        line++;
        lineStart = counted + 1;
      }
    }
  }

  private void open(char kind, String name) {
    if (opens.size() >= MAX_NESTING) {
      throw place.failure("sections nest at most " + MAX_NESTING + " deep");
    }
    boolean bindsName = kind == '#' || kind == '^';
    Path path = bindsName ? names.bind(name, scope(), place) : null;
    boolean entersField = kind == '#' && path != null && !path.name().equals(".");
    Scope inside = entersField ? scope().inside(name) : scope();
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
}
