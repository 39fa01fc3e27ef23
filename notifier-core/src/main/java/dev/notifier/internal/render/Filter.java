package dev.notifier.internal.render;

import java.util.List;

/** Changes a value before it is written. */
@FunctionalInterface
interface Filter {
  /**
   * Returns the changed value.
   *
   * @throws IllegalArgumentException if the value does not fit; the message says what it is not
   */
  Object apply(Object value, List<Object> scopes, Target target);
}
