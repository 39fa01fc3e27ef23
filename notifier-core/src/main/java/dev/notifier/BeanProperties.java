package dev.notifier;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads records, and beans whose owner allows it, into maps. */
final class BeanProperties {
  private BeanProperties() {}

  /** Reads every public getter, but for {@code getClass}. */
  @SuppressWarnings("NullAway") // values may be null; the map is read by TemplateValues only
  static Map<String, Object> of(Object bean) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Method method : Objects.requireNonNull(bean, "bean").getClass().getMethods()) {
      String property = propertyOf(method);
      if (!property.isEmpty()) {
        values.put(property, read(method, bean));
      }
    }
    return values;
  }

  /** Reads every component of a record. */
  static Map<String, @Nullable Object> ofRecord(Record value) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      values.put(component.getName(), read(component.getAccessor(), value));
    }
    return values;
  }

  private static String propertyOf(Method method) {
    if (method.getParameterCount() > 0
        || Modifier.isStatic(method.getModifiers())
        || method.getReturnType() == void.class
        || method.getDeclaringClass() == Object.class) {
      return "";
    }
    String name = method.getName();
    if (name.startsWith("get") && name.length() > 3) {
      return uncapitalized(name.substring(3));
    }
    boolean flag = method.getReturnType() == boolean.class;
    return flag && name.startsWith("is") && name.length() > 2
        ? uncapitalized(name.substring(2))
        : "";
  }

  /** As beans have it: {@code getURL} reads {@code URL}. */
  private static String uncapitalized(String name) {
    boolean acronym =
        name.length() > 1
            && Character.isUpperCase(name.charAt(0))
            && Character.isUpperCase(name.charAt(1));
    if (acronym) {
      return name;
    }
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static @Nullable Object read(Method method, Object from) {
    if (!method.canAccess(from) && !method.trySetAccessible()) {
      throw new InvalidNotificationException(
          method
              + " cannot be called: make its class public, open its package to dev.notifier.core,"
              + " or hand over a map");
    }
    try {
      return method.invoke(from);
    } catch (InvocationTargetException | IllegalAccessException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new InvalidNotificationException(method + " threw " + cause.getClass().getName());
    }
  }
}
