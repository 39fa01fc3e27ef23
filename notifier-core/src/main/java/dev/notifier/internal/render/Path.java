package dev.notifier.internal.render;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A name in a tag, such as {@code customer.name}, bound to the tag's place. Immutable. */
final class Path {
  /** What an optional variable without a default is: it is written as nothing. */
  static final Object NOTHING = new Object();

  static final Set<String> LOOP_NAMES = Set.of("-first", "-last", "-index");

  private final String name;
  private final String[] segments;
  private final Place place;
  private final @Nullable Object fallback;

  /**
   * Creates the path.
   *
   * @param fallback what stands in for it when it is not there; null if that is an error
   */
  Path(String name, Place place, @Nullable Object fallback) {
    this.name = name;
    this.segments = name.equals(".") ? new String[0] : name.split("\\.", -1);
    this.place = place;
    this.fallback = fallback;
  }

  String name() {
    return name;
  }

  Place place() {
    return place;
  }

  /** Returns the value; null if it is there and null. */
  @Nullable Object get(List<Object> scopes) {
    if (segments.length == 0) {
      return scopes.get(scopes.size() - 1);
    }
    boolean loop = LOOP_NAMES.contains(name);
    for (int i = scopes.size() - 1; i >= 0; i--) {
      Object scope = scopes.get(i);
      if (scope instanceof Map<?, ?> map) {
        Object value = map.get(segments[0]);
        if (value != null || map.containsKey(segments[0])) {
          return segments.length == 1 ? value : descend(value);
        }
      } else if (loop && scope instanceof Loop state) {
        return state.value(name);
      }
    }
    return absent();
  }

  /** The first segment decides where to look, as mustache has it; there is no way back. */
  private @Nullable Object descend(@Nullable Object from) {
    Object value = from;
    for (int i = 1; i < segments.length; i++) {
      if (!(value instanceof Map<?, ?> map) || !map.containsKey(segments[i])) {
        return absent();
      }
      value = map.get(segments[i]);
    }
    return value;
  }

  private Object absent() {
    if (fallback == null) {
      throw place.failure("variable \"" + name + "\" is missing from the data");
    }
    return fallback;
  }

  /** Returns the value to write: an optional one may be nothing, a required one may not. */
  Object getPresent(List<Object> scopes) {
    Object value = get(scopes);
    if (value == null && fallback == null) {
      throw place.failure(
          "variable \""
              + name
              + "\" is null: test it by {{#"
              + name
              + "}}, or declare it optional");
    }
    return value == null ? fallbackOrNothing() : value;
  }

  private Object fallbackOrNothing() {
    return fallback == null ? NOTHING : fallback;
  }
}
