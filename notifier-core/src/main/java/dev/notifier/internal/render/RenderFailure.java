package dev.notifier.internal.render;

import com.github.mustachejava.MustacheException;
import dev.notifier.TemplateProblem;

/** Carries a problem up through mustache.java, which lets its own exceptions pass only. */
final class RenderFailure extends MustacheException {
  private static final long serialVersionUID = 1L;

  private final transient TemplateProblem problem;

  RenderFailure(TemplateProblem problem) {
    super(problem.toString());
    this.problem = problem;
  }

  TemplateProblem problem() {
    return problem;
  }
}
