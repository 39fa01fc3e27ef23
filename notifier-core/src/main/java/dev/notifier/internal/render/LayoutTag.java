package dev.notifier.internal.render;

import com.github.mustachejava.Mustache;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.ExtendCode;
import dev.notifier.internal.render.IncludeTag.Include;

/** A layout whose blocks are filled in: {@code {{<name}}{{$block}}…{{/block}}{{/name}}}. */
final class LayoutTag extends ExtendCode {
  private final PartCompiler compiler;
  private final Include include;

  LayoutTag(
      TemplateContext context,
      PartCompiler compiler,
      Mustache blocks,
      String name,
      Include include) {
    super(context, compiler, blocks, name);
    this.compiler = compiler;
    this.include = include;
  }

  @Override
  public synchronized void init() {
    compiler.including(include, super::init);
  }
}
