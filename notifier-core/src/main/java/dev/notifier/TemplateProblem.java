package dev.notifier;

import java.util.Objects;

/**
 * What is wrong with a template, and where.
 *
 * @param template the template, and its version if it has one
 * @param part the part, such as {@code email.html de}; empty if it concerns the whole
 * @param line the line in the part, from 1; 0 if it concerns the whole
 * @param column the column in the line, from 1; 0 if it concerns the whole
 * @param message what is wrong; it holds names from the template, and no value of a variable
 */
public record TemplateProblem(
    TemplateReference template, String part, int line, int column, String message) {
  /** Creates the problem. */
  public TemplateProblem {
    Objects.requireNonNull(template, "template");
    Objects.requireNonNull(part, "part");
    Objects.requireNonNull(message, "message");
  }

  /** Returns a problem that concerns a whole template. */
  public static TemplateProblem of(TemplateReference template, String message) {
    return new TemplateProblem(template, "", 0, 0, message);
  }

  /** Returns all of it on one line. */
  @Override
  public String toString() {
    return "template "
        + template
        + (part.isEmpty() ? "" : ", " + part)
        + (line == 0 ? "" : ", line " + line + ", column " + column)
        + ": "
        + message;
  }
}
