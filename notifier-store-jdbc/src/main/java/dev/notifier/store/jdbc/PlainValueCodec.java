package dev.notifier.store.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of a notification or of a template: each as a field whose number tells its
 * type, in a map after its key. Their order and their Java types are kept.
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
  private static final int NULL = 11;
  private static final int INSTANT = 12;
  private static final int LOCAL_DATE = 13;
  private static final int LOCAL_TIME = 14;
  private static final int LOCAL_DATE_TIME = 15;
  private static final int OFFSET_DATE_TIME = 16;
  private static final int ZONED_DATE_TIME = 17;

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

  private static void writeValue(WireWriter out, @Nullable Object value) {
    if (value == null) {
      out.varint(NULL, 0);
    } else if (value instanceof String text) {
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
      out.text(fieldOfTime(value), value.toString()); // the ISO form, exact to the nanosecond
    }
  }

  private static int fieldOfTime(Object value) {
    if (value instanceof Instant) {
      return INSTANT;
    } else if (value instanceof LocalDate) {
      return LOCAL_DATE;
    } else if (value instanceof LocalTime) {
      return LOCAL_TIME;
    } else if (value instanceof LocalDateTime) {
      return LOCAL_DATE_TIME;
    } else if (value instanceof OffsetDateTime) {
      return OFFSET_DATE_TIME;
    } else if (value instanceof ZonedDateTime) {
      return ZONED_DATE_TIME;
    }
    throw new AssertionError("data holds a " + value.getClass().getName());
  }

  private static void writeDecimal(WireWriter out, BigDecimal number) {
    out.startGroup(BIG_DECIMAL);
    out.signed(SCALE, number.scale());
    out.number(UNSCALED, number.unscaledValue());
    out.endGroup();
  }

  /** Reads the entries of the group that was entered, to its end. */
  @SuppressWarnings("NullAway") // the data of a template may hold null, as Map's type cannot say
  static Map<String, Object> readMap(WireReader in) {
    Map<String, Object> values = new LinkedHashMap<>();
    String key = "";
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      if (field == KEY) {
        key = in.text();
      } else {
        Object value = readValue(field, in);
        if (value != null || field == NULL) {
          values.put(key, value);
        }
      }
    }
    return Collections.unmodifiableMap(values);
  }

  @SuppressWarnings("NullAway") // as above
  private static List<Object> readList(WireReader in) {
    List<Object> values = new ArrayList<>();
    for (int field = in.nextField(); field != WireWriter.END; field = in.nextField()) {
      Object value = readValue(field, in);
      if (value != null || field == NULL) {
        values.add(value);
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** Returns null for NULL, and for a type that a newer version has added. */
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
      case INSTANT -> Instant.parse(in.text());
      case LOCAL_DATE -> LocalDate.parse(in.text());
      case LOCAL_TIME -> LocalTime.parse(in.text());
      case LOCAL_DATE_TIME -> LocalDateTime.parse(in.text());
      case OFFSET_DATE_TIME -> OffsetDateTime.parse(in.text());
      case ZONED_DATE_TIME -> ZonedDateTime.parse(in.text());
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
