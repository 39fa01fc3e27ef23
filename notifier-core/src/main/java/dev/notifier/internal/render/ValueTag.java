package dev.notifier.internal.render;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.DefaultCode;
import java.io.Writer;
import java.util.List;

/** A tag that is written out: {@code {{name | filter}}}, or raw with three braces. */
final class ValueTag extends DefaultCode {
  private final Expression expression;
  private final boolean escaped;

  ValueTag(
      TemplateContext context,
      DefaultMustacheFactory factory,
      Expression expression,
      boolean escaped) {
    super(context, factory, null, expression.path().name(), "");
    this.expression = expression;
    this.escaped = escaped;
  }

  @Override
  public Writer execute(Writer writer, List<Object> scopes) {
    PartWriter out = (PartWriter) writer;
    Object value = expression.evaluate(scopes, out.target());
    if (value == Path.NOTHING) {
      out.nothing();
    } else {
      write(out, value);
    }
    return appendText(out);
  }

  private void write(PartWriter out, Object value) {
    Path path = expression.path();
    try {
      out.value(value, escaped);
    } catch (IllegalArgumentException e) {
      throw path.place().failure("variable \"" + path.name() + "\" " + e.getMessage());
    } catch (PartLimitException e) {
      throw path.place().failure(String.valueOf(e.getMessage()));
    }
  }
}
