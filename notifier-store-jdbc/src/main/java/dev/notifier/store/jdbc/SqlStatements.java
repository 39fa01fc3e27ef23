package dev.notifier.store.jdbc;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes a script apart: JDBC runs one statement at a time. Knows comments, quoted text and
 * PostgreSQL's dollar quotes; not MySQL's backslashes, which our scripts do without.
 */
final class SqlStatements {
  private final String script;
  private final List<String> statements = new ArrayList<>();
  private final StringBuilder statement = new StringBuilder();
  private int position;

  private SqlStatements(String script) {
    this.script = script;
  }

  /** Returns the statements in order, without comments and semicolons. */
  static List<String> of(String script) {
    return new SqlStatements(script).split();
  }

  private List<String> split() {
    while (position < script.length()) {
      next();
    }
    end();
    return List.copyOf(statements);
  }

  private void next() {
    char c = script.charAt(position);
    if (script.startsWith("--", position)) {
      position = endOf("\n", position);
      statement.append('\n');
    } else if (script.startsWith("/*", position)) {
      position = endOf("*/", position + 2);
      statement.append(' ');
    } else if (c == '\'' || c == '"' || c == '`') {
      copyTo(endOf(String.valueOf(c), position + 1));
    } else if (c == '$' && !dollarQuote().isEmpty()) {
      String quote = dollarQuote();
      copyTo(endOf(quote, position + quote.length()));
    } else if (c == ';') {
      end();
      position++;
    } else {
      copyTo(position + 1);
    }
  }

  /** The position behind the mark, or the end of the script. */
  private int endOf(String mark, int from) {
    int found = script.indexOf(mark, from);
    return found < 0 ? script.length() : found + mark.length();
  }

  private String dollarQuote() {
    int end = position + 1;
    while (end < script.length() && Character.isLetterOrDigit(script.charAt(end))) {
      end++;
    }
    boolean closed = end < script.length() && script.charAt(end) == '$';
    return closed ? script.substring(position, end + 1) : "";
  }

  private void copyTo(int end) {
    statement.append(script, position, end);
    position = end;
  }

  private void end() {
    String text = statement.toString().strip();
    if (!text.isEmpty()) {
      statements.add(text);
    }
    statement.setLength(0);
  }
}
