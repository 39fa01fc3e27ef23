package dev.notifier.internal.render;

import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.PartialCode;

/** A partial: {@code {{> name}}}. */
final class IncludeTag extends PartialCode {
  private final PartCompiler compiler;
  private final Include include;

  IncludeTag(TemplateContext context, PartCompiler compiler, String name, Include include) {
    super(context, compiler, name);
    this.compiler = compiler;
    this.include = include;
  }

  /**
   * Where and how something is included.
   *
   * @param isLine whether it stands for a line of its own
   */
  record Include(Place place, Scope scope, String indentation, boolean isLine, HtmlState html) {}

  @Override
  public synchronized void init() {
    compiler.including(include, super::init);
  }
}
