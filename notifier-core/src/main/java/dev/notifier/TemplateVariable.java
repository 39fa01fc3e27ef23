package dev.notifier;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A variable that a template declares.
 *
 * @param name letters, digits, hyphens and underscores; with dots for a field of a map, or of each
 *     element of a list, such as {@code items.price}
 * @param type what its values are
 * @param required whether it must be there
 * @param defaultValue what stands in for it when it is not there; if there is no default either, it
 *     is written as nothing
 */
public record TemplateVariable(
    String name, VariableType type, boolean required, Optional<Object> defaultValue) {
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*(?:\\.[\\p{L}_][\\p{L}\\p{N}_-]*)*");

  private static final int MAX_NAME = 100;

  /**
   * Creates the variable.
   *
   * @throws IllegalArgumentException if the name breaks the rule above, a required variable has a
   *     default, or the default is not of the type, or is a list or a map with something in it
   */
  public TemplateVariable {
    Objects.requireNonNull(type, "type");
    if (name.length() > MAX_NAME || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a variable's name must be at most "
              + MAX_NAME
              + " letters, digits, hyphens and underscores, in parts separated by dots, but was "
              + Quoted.of(name));
    }
    if (required && defaultValue.isPresent()) {
      throw new IllegalArgumentException(
          "variable " + name + " is required and has a default: declare it as optional");
    }
    defaultValue = defaultValue.map(value -> checked(name, type, value));
  }

  private static Object checked(String name, VariableType type, Object value) {
    Object copy = TemplateValues.copyOf(name, value);
    boolean holdsValues =
        (copy instanceof List<?> list && !list.isEmpty())
            || (copy instanceof Map<?, ?> map && !map.isEmpty());
    if (holdsValues || !TemplateValues.isA(type, copy)) {
      throw new IllegalArgumentException(
          "the default of variable "
              + name
              + " must be a "
              + type
              + " (lists and maps: empty), but was a "
              + value.getClass().getSimpleName());
    }
    return inTextForm(type, copy);
  }

  /** One form of each value, so that the text form of a template is read back as it was. */
  private static Object inTextForm(VariableType type, Object value) {
    return switch (type) {
      case BOOLEAN, LIST, MAP -> value;
      case NUMBER -> new BigDecimal(value.toString());
      case TEXT, DATE -> value.toString();
      case ANY -> value instanceof List || value instanceof Map ? value : value.toString();
    };
  }

  /** Tells whether a value that {@link Notification#templateData} holds is of the type. */
  public boolean accepts(Object value) {
    return TemplateValues.isA(type, value);
  }

  /** Returns the declaration without the default's value. */
  @Override
  public String toString() {
    return (required ? "required " : "optional ") + name + ": " + type;
  }
}
