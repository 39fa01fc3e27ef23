package dev.notifier.internal.render;

import dev.notifier.TemplateProblem;
import dev.notifier.TemplateReference;

/** Where a tag stands. */
record Place(TemplateReference template, String part, int line, int column) {
  TemplateProblem problem(String message) {
    return new TemplateProblem(template, part, line, column, message);
  }

  RenderFailure failure(String message) {
    return new RenderFailure(problem(message));
  }
}
