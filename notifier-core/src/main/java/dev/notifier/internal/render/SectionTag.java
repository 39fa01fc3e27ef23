package dev.notifier.internal.render;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.DefaultCode;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition or a list: {@code {{#name}}…{{/name}}}, or {@code {{^name}}…} if there is none. */
final class SectionTag extends DefaultCode {
  private final Path path;
  private final boolean inverted;

  SectionTag(
      TemplateContext context,
      DefaultMustacheFactory factory,
      Mustache body,
      Path path,
      boolean inverted) {
    super(context, factory, body, path.name(), inverted ? "^" : "#");
    this.path = path;
    this.inverted = inverted;
  }

  @Override
  public Writer execute(Writer writer, List<Object> scopes) {
    PartWriter out = (PartWriter) writer;
    Object value = path.get(scopes);
    if (inverted) {
      if (isNo(value)) {
        step(out, scopes);
      }
    } else if (value instanceof List<?> list) {
      each(list, out, scopes);
    } else if (value != null && !isNo(value)) {
      once(value, out, scopes);
    }
    return appendText(out);
  }

  private void each(List<?> list, PartWriter out, List<Object> scopes) {
    Loop loop = new Loop(list.size());
    scopes.add(loop);
    for (Object element : list) {
      loop.next();
      scopes.add(element == null ? Path.NOTHING : element);
      step(out, scopes);
      scopes.remove(scopes.size() - 1);
    }
    scopes.remove(scopes.size() - 1);
  }

  private void once(Object value, PartWriter out, List<Object> scopes) {
    if (value instanceof Boolean) {
      step(out, scopes);
      return;
    }
    scopes.add(value);
    step(out, scopes);
    scopes.remove(scopes.size() - 1);
  }

  private void step(PartWriter out, List<Object> scopes) {
    try {
      out.step();
    } catch (PartLimitException e) {
      throw path.place().failure(String.valueOf(e.getMessage()));
    }
    run(out, scopes);
  }

  /** Nothing, false, zero, empty text and empty lists count as no. */
  private static boolean isNo(@Nullable Object value) {
    if (value == null || value == Path.NOTHING || Boolean.FALSE.equals(value)) {
      return true;
    }
    if (value instanceof String text) {
      return text.isEmpty();
    }
    if (value instanceof BigDecimal number) {
      return number.signum() == 0;
    }
    if (value instanceof BigInteger number) {
      return number.signum() == 0;
    }
    if (value instanceof Number number) {
      return number.longValue() == 0;
    }
    return value instanceof List<?> list && list.isEmpty();
  }
}
