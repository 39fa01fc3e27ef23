package dev.notifier.store.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a notification: each as a field whose number tells its type, in a map after
 * its key. Their order and their Java types are kept.
 */
final class PlainValueCodec {
  private static final int KEY = 1;
  private static final int TEXT = 2;
  private static final int BOOLEAN = 3;
  private static final int INTEGER = 4;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int BIG_INTEGER = 7;
  private static final int BIG_DECIMAL = 8;
  private static final int LIST = 9;
  private static final int MAP = 10;

  private static final int SCALE = 1;
  private static final int UNSCALED = 2;

  private PlainValueCodec() {}

  /** Writes the entries of a map into the group at hand. */
  static void writeMap(WireWriter out, Map<?, ?> values) {
    values.forEach(
        (key, value) -> {
          out.text(KEY, (String) key);
          writeValue(out, value);
        });
  }

  private static void writeValue(WireWriter out, Object value) {
    if (value instanceof String text) {
      out.text(TEXT, text);
    } else if (value instanceof Boolean flag) {
      out.varint(BOOLEAN, flag ? 1 : 0);
    } else if (value instanceof Integer number) {
      out.signed(INTEGER, number);
    } else if (value instanceof Long number) {
      out.signed(LONG, number);
    } else if (value instanceof Double number) {
      out.varint(DOUBLE, Long.reverseBytes(Double.doubleToRawLongBits(number))); // short if round
    } else if (value instanceof BigInteger number) {
      out.number(BIG_INTEGER, number);
    } else if (value instanceof BigDecimal number) {
      writeDecimal(out, number);
    } else if (value instanceof List<?> list) {
      out.startGroup(LIST);
      list.forEach(element -> writeValue(out, element));
      out.endGroup();
    } else if (value instanceof Map<?, ?> map) {
      out.startGroup(MAP);
      writeMap(out, map);
      out.endGroup();
    } else {
      throw new AssertionError("data holds a " + value.getClass().getName());
    }
  }

  private static void writeDecimal(WireWriter out, BigDecimal number) {
    out.startGroup(BIG_DECIMAL);
    out.signed(SCALE, number.scale());
    out.number(UNSCALED, number.unscaledValue());
    out.endGroup();
  }

  /** Reads the entries of the group that was entered, to its end. */
  static Map<String, Object> readMap(WireReader in) {
    Map<String, Object> values = new LinkedHashMap<>();
    String key = "";
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      if (field == KEY) {
        key = in.text();
      } else {
        Object value = readValue(field, in);
        if (value != null) {
          values.put(key, value);
        }
      }
    }
    return Collections.unmodifiableMap(values);
  }

  private static List<Object> readList(WireReader in) {
    List<Object> values = new ArrayList<>();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      Object value = readValue(field, in);
      if (value != null) {
        values.add(value);
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** Returns null for a type that a newer version has added. */
  private static @Nullable Object readValue(int field, WireReader in) {
    return switch (field) {
      case TEXT -> in.text();
      case BOOLEAN -> in.varint() != 0;
      case INTEGER -> Math.toIntExact(in.signed());
      case LONG -> in.signed();
      case DOUBLE -> Double.longBitsToDouble(Long.reverseBytes(in.varint()));
      case BIG_INTEGER -> in.number();
      case BIG_DECIMAL -> readDecimal(in);
      case LIST -> {
        in.enterGroup();
        yield readList(in);
      }
      case MAP -> {
        in.enterGroup();
        yield readMap(in);
      }
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static BigDecimal readDecimal(WireReader in) {
    int scale = 0;
    BigInteger unscaled = BigInteger.ZERO;
    in.enterGroup();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      switch (field) {
        case SCALE -> scale = Math.toIntExact(in.signed());
        case UNSCALED -> unscaled = in.number();
        default -> in.skip();
      }
    }
    return new BigDecimal(unscaled, scale);
  }
}
