package dev.notifier.internal.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands in a tag that is written out: a name, then filters, such as {@code total | currency:
 * EUR}. An IllegalArgumentException says what is wrong with it.
 */
final class Expression {
  static final Pattern NAME =
      Pattern.compile(
          "\\.|-first|-last|-index|[\\p{L}_][\\p{L}\\p{N}_-]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_-]*)*");

  private static final Pattern TOKEN =
      Pattern.compile("\\s*(?:\"([^\"]*)\"|'([^']*)'|([|:,])|([^\\s|:,\"']+))");

  /** An argument of a filter: {@code EUR}, {@code "d MMMM"}, {@code few "pliki"}. */
  record Argument(String keyword, String text, boolean quoted) {}

  private record Token(String text, boolean quoted, boolean mark) {
    boolean is(String expected) {
      return mark && text.equals(expected);
    }
  }

  private final Path path;
  private final List<Filter> filters;
  private final List<String> filterNames;

  private Expression(Path path, List<Filter> filters, List<String> filterNames) {
    this.path = path;
    this.filters = filters;
    this.filterNames = filterNames;
  }

  static Expression parse(String text, Function<String, Path> paths) {
    int bar = text.indexOf('|');
    Path path = paths.apply((bar < 0 ? text : text.substring(0, bar)).strip());
    List<Filter> filters = new ArrayList<>();
    List<String> names = new ArrayList<>();
    if (bar >= 0) {
      List<Token> tokens = tokens(text.substring(bar));
      int next = 0;
      while (next < tokens.size()) {
        next = parseFilter(tokens, next, paths, filters, names);
      }
    }
    return new Expression(path, List.copyOf(filters), List.copyOf(names));
  }

  private static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    String rest = text.strip();
    Matcher token = TOKEN.matcher(rest);
    int at = 0;
    while (at < rest.length()) {
      if (!token.find(at) || token.start() != at) {
        throw new IllegalArgumentException("a quote is not closed");
      }
      String quoted = token.group(1) != null ? token.group(1) : token.group(2);
      String mark = token.group(3);
      String bare = mark != null ? mark : token.group(4);
      tokens.add(
          quoted != null
              ? new Token(quoted, true, false)
              : new Token(String.valueOf(bare), false, mark != null));
      at = token.end();
    }
    return tokens;
  }

  /** Reads {@code | name} or {@code | name: argument, argument}; returns where it ends. */
  private static int parseFilter(
      List<Token> tokens,
      int start,
      Function<String, Path> paths,
      List<Filter> filters,
      List<String> names) {
    int next = start + 1;
    if (next >= tokens.size() || tokens.get(next).mark() || tokens.get(next).quoted()) {
      throw new IllegalArgumentException("the name of a filter must follow \"|\"");
    }
    String name = tokens.get(next++).text();
    List<Argument> arguments = new ArrayList<>();
    if (next < tokens.size() && tokens.get(next).is(":")) {
      do {
        next = parseArgument(name, tokens, next + 1, arguments);
      } while (next < tokens.size() && tokens.get(next).is(","));
    }
    if (next < tokens.size() && !tokens.get(next).is("|")) {
      throw new IllegalArgumentException(
          "after filter \""
              + name
              + "\" comes a colon, a comma between arguments, or \"|\" and another filter");
    }
    try {
      filters.add(Filters.named(name, arguments, paths));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(
          message.startsWith("unknown filter") ? message : "filter \"" + name + "\" " + message);
    }
    names.add(name);
    return next;
  }

  private static int parseArgument(
      String filter, List<Token> tokens, int start, List<Argument> arguments) {
    if (start >= tokens.size() || tokens.get(start).mark()) {
      throw new IllegalArgumentException("filter \"" + filter + "\": an argument is missing");
    }
    Token first = tokens.get(start);
    boolean hasKeyword =
        !first.quoted() && start + 1 < tokens.size() && !tokens.get(start + 1).mark();
    Token value = hasKeyword ? tokens.get(start + 1) : first;
    arguments.add(new Argument(hasKeyword ? first.text() : "", value.text(), value.quoted()));
    return start + (hasKeyword ? 2 : 1);
  }

  /** Returns the value to write, or {@link Path#NOTHING}. */
  Object evaluate(List<Object> scopes, Target target) {
    Object value = path.getPresent(scopes);
    for (int i = 0; i < filters.size() && value != Path.NOTHING; i++) {
      value = filtered(i, value, scopes, target);
    }
    return value;
  }

  private Object filtered(int index, Object value, List<Object> scopes, Target target) {
    try {
      return filters.get(index).apply(value, scopes, target);
    } catch (IllegalArgumentException e) {
      throw path.place()
          .failure(
              "variable \""
                  + path.name()
                  + "\" "
                  + e.getMessage()
                  + " (filter \""
                  + filterNames.get(index)
                  + "\")");
    }
  }

  Path path() {
    return path;
  }
}
