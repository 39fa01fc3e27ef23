package dev.notifier;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies the values of a notification, and refuses what could not be written as JSON. */
final class PlainValues {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_VALUES = 10_000;

  private int count;

  private PlainValues() {}

  static Map<String, Object> copyOf(Map<String, ?> values) {
    return new PlainValues().copyMap("data", values, 1);
  }

  private Map<String, Object> copyMap(String path, Map<?, ?> values, int depth) {
    checkDepth(path, depth);
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new InvalidNotificationException(path + " must have text keys only");
          }
          copy.put(name, copyValue(path + "." + name, value, depth));
        });
    return Collections.unmodifiableMap(copy);
  }

  private List<Object> copyList(String path, List<?> values, int depth) {
    checkDepth(path, depth);
    List<Object> copy = new ArrayList<>();
    for (Object value : values) {
      copy.add(copyValue(path + "[" + copy.size() + "]", value, depth));
    }
    return Collections.unmodifiableList(copy);
  }

  private Object copyValue(String path, @Nullable Object value, int depth) {
    if (++count > MAX_VALUES) {
      throw new InvalidNotificationException(
          "data must have at most " + MAX_VALUES + " values, but has more");
    }
    if (value instanceof Map<?, ?> map) {
      return copyMap(path, map, depth + 1);
    }
    if (value instanceof List<?> list) {
      return copyList(path, list, depth + 1);
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw new InvalidNotificationException(path + " must be a finite number, but was " + number);
    }
    if (value instanceof String
        || value instanceof Boolean
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Double
        || value instanceof BigDecimal
        || value instanceof BigInteger) {
      return value;
    }
    throw new InvalidNotificationException(
        Quoted.of(path)
            + " must be text, a boolean, a number (Integer, Long, Double, BigInteger, BigDecimal), a"
            + " list or a map, but was "
            + (value == null ? "null" : value.getClass().getName()));
  }

  private static void checkDepth(String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidNotificationException(
          "data must nest at most " + MAX_DEPTH + " deep, but does more at " + Quoted.of(path));
    }
  }
}
