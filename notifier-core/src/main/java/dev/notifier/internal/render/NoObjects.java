package dev.notifier.internal.render;

import com.github.mustachejava.Binding;
import com.github.mustachejava.Code;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.reflect.BaseObjectHandler;
import com.github.mustachejava.util.Wrapper;
import java.util.List;

/** Finds nothing in any object: the tags look values up by themselves, in copied maps only. */
final class NoObjects extends BaseObjectHandler {
  static final NoObjects INSTANCE = new NoObjects();

  private static final Binding NONE = scopes -> null;

  private NoObjects() {}

  @Override
  public Wrapper find(String name, List<Object> scopes) {
    return any -> null;
  }

  @Override
  public Binding createBinding(String name, TemplateContext context, Code code) {
    return NONE;
  }
}
