package dev.notifier.internal.render;

import com.github.mustachejava.Code;
import com.github.mustachejava.DefaultMustacheVisitor;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.CommentCode;
import com.github.mustachejava.codes.ExtendNameCode;
import com.github.mustachejava.codes.WriteCode;
import dev.notifier.internal.render.Parse.Open;
import org.jspecify.annotations.Nullable;

/** Makes the tree of a part from what mustache.java's parser finds. */
final class PartVisitor extends DefaultMustacheVisitor {
  private final PartCompiler compiler;

  PartVisitor(PartCompiler compiler) {
    super(compiler);
    this.compiler = compiler;
  }

  @Override
  public void value(TemplateContext context, String variable, boolean escaped) {
    Expression expression = compiler.expression(variable, escaped);
    if (expression != null) {
      list.add(new ValueTag(context, df, expression, escaped));
    }
  }

  @Override
  public void iterable(TemplateContext context, String variable, Mustache body) {
    section(context, body, false);
  }

  @Override
  public void notIterable(TemplateContext context, String variable, Mustache body) {
    section(context, body, true);
  }

  private void section(TemplateContext context, Mustache body, boolean inverted) {
    Path path = compiler.parse().closed().path();
    if (path != null) {
      list.add(new SectionTag(context, df, body, path, inverted));
    }
  }

  @Override
  public void partial(TemplateContext context, String variable, String indentation) {
    list.add(new IncludeTag(context, compiler, variable, compiler.partial(indentation)));
  }

  @Override
  public void dynamicPartial(TemplateContext context, String variable, String indentation) {
    throw compiler
        .parse()
        .place()
        .failure("{{>*…}} is not supported: data must not choose what is included");
  }

  @Override
  public void extend(TemplateContext context, String variable, Mustache body) {
    Open layout = compiler.parse().closed();
    for (Code code : body.getCodes()) {
      boolean allowed =
          code instanceof ExtendNameCode
              || code instanceof WriteCode
              || code instanceof CommentCode;
      if (!allowed) {
        throw layout
            .place()
            .failure("in {{<" + variable + "}} there must be blocks only, {{$name}}…{{/name}}");
      }
    }
    list.add(new LayoutTag(context, compiler, body, variable, compiler.layout(layout)));
  }

  @Override
  public void checkName(TemplateContext context, String variable, Mustache body) {
    throw compiler.parse().place().failure("{{?…}} is not supported");
  }

  @Override
  public void pragma(TemplateContext context, String pragma, @Nullable String arguments) {
    throw compiler.parse().place().failure("pragmas ({{%…}}) are not supported");
  }
}
