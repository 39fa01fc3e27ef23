package dev.notifier;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A template is not there, is wrong, or does not fit the data that it got; nothing was saved,
 * accepted or sent.
 */
public final class TemplateException extends NotifierException {
  private static final long serialVersionUID = 1L;

  private final transient List<TemplateProblem> problems;

  /**
   * Creates an exception about these problems, of which there is at least one.
   *
   * @throws IllegalArgumentException if there is none
   */
  public TemplateException(List<TemplateProblem> problems) {
    super(problems.stream().map(TemplateProblem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("problems must not be empty");
    }
    this.problems = List.copyOf(problems);
  }

  /** Creates an exception about one problem. */
  public TemplateException(TemplateProblem problem) {
    this(List.of(problem));
  }

  /** Returns what is wrong, each with its place. Empty after serialization. */
  @SuppressWarnings("NullAway") // null after serialization, which the compiler cannot know
  public List<TemplateProblem> problems() {
    return problems == null ? List.of() : problems;
  }
}
