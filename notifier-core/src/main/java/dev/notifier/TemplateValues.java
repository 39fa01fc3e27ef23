package dev.notifier;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Copies the data of a template into a few plain types: text, booleans, numbers, dates, lists and
 * maps. So nothing of the application's own runs while a template is rendered.
 */
final class TemplateValues {
  private static final int MAX_DEPTH = 10;
  private static final int MAX_VALUES = 10_000;
  private static final int MAX_TEXT = 1_000_000;

  /** Written out, a number with a larger exponent would fill the memory. */
  private static final int MAX_DIGITS = 1000;

  private int count;

  private TemplateValues() {}

  static Map<String, Object> copyOf(Map<String, ?> values) {
    return new TemplateValues().copyMap("data", values, 1);
  }

  static Object copyOf(String path, Object value) {
    Object copy = new TemplateValues().copyValue(path, value, 1);
    if (copy == null) {
      throw new InvalidNotificationException(path + " must not be an empty Optional");
    }
    return copy;
  }

  private Map<String, Object> copyMap(String path, Map<?, ?> values, int depth) {
    checkDepth(path, depth);
    Map<String, Object> copy = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> put(copy, path, key, copyValue(pathOf(path, key), value, depth)));
    return Collections.unmodifiableMap(copy);
  }

  /** A null is kept: it says that there is no value, which is not the same as saying nothing. */
  @SuppressWarnings("NullAway") // the copy may hold null, as Map's type cannot say
  private static void put(
      Map<String, Object> copy, String path, Object key, @Nullable Object value) {
    if (!(key instanceof String) && !(key instanceof Enum<?>)) {
      throw new InvalidNotificationException(Quoted.of(path) + " must have text keys only");
    }
    copy.put(key instanceof Enum<?> constant ? constant.name() : (String) key, value);
  }

  private static String pathOf(String path, Object key) {
    return path + "." + key;
  }

  @SuppressWarnings("NullAway") // as above
  private List<Object> copyList(String path, Collection<?> values, int depth) {
    checkDepth(path, depth);
    List<Object> copy = new ArrayList<>();
    for (Object value : values) {
      copy.add(copyValue(path + "[" + copy.size() + "]", value, depth));
    }
    return Collections.unmodifiableList(copy);
  }

  private @Nullable Object copyValue(String path, @Nullable Object value, int depth) {
    if (++count > MAX_VALUES) {
      throw new InvalidNotificationException(
          "the data of a template must have at most " + MAX_VALUES + " values, but has more");
    }
    if (value instanceof Optional<?> optional) {
      return copyValue(path, optional.orElse(null), depth);
    }
    if (value instanceof Map<?, ?> map) {
      return copyMap(path, map, depth + 1);
    }
    if (value instanceof Collection<?> list) {
      return copyList(path, list, depth + 1);
    }
    if (value != null && value.getClass().isArray()) {
      return copyList(path, elements(value), depth + 1);
    }
    if (value instanceof Record row) {
      return copyMap(path, BeanProperties.ofRecord(row), depth + 1);
    }
    return copyScalar(path, value);
  }

  /** Of an array of objects or of primitives. */
  private static List<@Nullable Object> elements(Object array) {
    return new AbstractList<>() {
      @Override
      public @Nullable Object get(int index) {
        return Array.get(array, index);
      }

      @Override
      public int size() {
        return Array.getLength(array);
      }
    };
  }

  private static @Nullable Object copyScalar(String path, @Nullable Object value) {
    if (value instanceof Number number) {
      return copyNumber(path, number);
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return checkedText(path, value.toString());
    }
    if (value == null || value instanceof Boolean || isTemporal(value)) {
      return value;
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof UUID || value instanceof URI || value instanceof Currency) {
      return checkedText(path, value.toString());
    }
    throw new InvalidNotificationException(
        Quoted.of(path)
            + " must be text, a boolean, a number, a date or time of java.time, a list, a map or a"
            + " record, but was a "
            + value.getClass().getName()
            + ": hand over Template.bean(...) of it if its getters may be read");
  }

  private static boolean isTemporal(Object value) {
    return value instanceof Instant
        || value instanceof LocalDate
        || value instanceof LocalTime
        || value instanceof LocalDateTime
        || value instanceof OffsetDateTime
        || value instanceof ZonedDateTime;
  }

  private static String checkedText(String path, String text) {
    if (text.length() > MAX_TEXT) {
      throw new InvalidNotificationException(
          Quoted.of(path)
              + " must have at most "
              + MAX_TEXT
              + " characters, but has "
              + text.length());
    }
    return text;
  }

  private static Number copyNumber(String path, Number number) {
    if (number instanceof Integer || number instanceof Long) {
      return number;
    }
    if (number instanceof Short || number instanceof Byte) {
      return number.intValue();
    }
    if ((number instanceof Double || number instanceof Float)
        && !Double.isFinite(number.doubleValue())) {
      throw new InvalidNotificationException(
          Quoted.of(path) + " must be a finite number, but was " + number);
    }
    if (number instanceof Double || number instanceof Float) {
      return new BigDecimal(number.toString());
    }
    if (number instanceof BigInteger || number instanceof BigDecimal) {
      BigDecimal decimal =
          number instanceof BigInteger whole ? new BigDecimal(whole) : (BigDecimal) number;
      if (Math.abs((long) decimal.scale()) > MAX_DIGITS || decimal.precision() > MAX_DIGITS) {
        throw new InvalidNotificationException(
            Quoted.of(path) + " must be a number of at most " + MAX_DIGITS + " digits");
      }
      return number;
    }
    return copyNumber(path, number.longValue()); // an AtomicLong, a LongAdder
  }

  private static void checkDepth(String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw new InvalidNotificationException(
          "the data of a template must nest at most "
              + MAX_DEPTH
              + " deep, but does more at "
              + Quoted.of(path));
    }
  }

  /** Tells whether a copied value is of a declared type. */
  static boolean isA(VariableType type, Object value) {
    return switch (type) {
      case ANY -> true;
      case TEXT -> value instanceof String || value instanceof Number || value instanceof Boolean;
      case NUMBER -> value instanceof Number;
      case BOOLEAN -> value instanceof Boolean;
      case LIST -> value instanceof List;
      case MAP -> value instanceof Map;
      case DATE -> isTemporal(value) || (value instanceof String text && isIsoDate(text));
    };
  }

  private static boolean isIsoDate(String text) {
    try {
      DateTimeFormatter form =
          text.indexOf(':') < 0
              ? DateTimeFormatter.ISO_DATE
              : text.indexOf('T') < 0
                  ? DateTimeFormatter.ISO_TIME
                  : DateTimeFormatter.ISO_DATE_TIME;
      form.withLocale(Locale.ROOT).parse(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }
}
