package dev.notifier.store.jdbc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link WireWriter} wrote. No length is believed before it is checked against the bytes
 * that are there, so that garbage costs nothing but a {@link MalformedBytes}. Not thread-safe.
 */
final class WireReader {
  private static final int MAX_DEPTH = 100;

  /** The bytes are not what the writer writes; the message never shows them. */
  static final class MalformedBytes extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedBytes(String message) {
      super(message);
    }
  }

  private final byte[] bytes;
  private int next;
  private int tag;
  private int depth;

  /** Creates a reader of what follows the byte that tells the format. */
  WireReader(byte[] bytes) {
    this.bytes = bytes;
    this.next = 1;
  }

  /** Moves to the next field of the group; returns 0 at its end, or at the end of all. */
  int nextField() {
    if (next == bytes.length && depth == 0) {
      return WireWriter.END;
    }
    long read = rawVarint();
    if (read < 0 || read > Integer.MAX_VALUE) {
      throw malformed("a field's tag is out of range");
    }
    tag = (int) read;
    if (tag == WireWriter.END) {
      depth--;
      if (depth < 0) {
        throw malformed("a group ends that never began");
      }
      return WireWriter.END;
    }
    return tag >>> WireWriter.TYPE_BITS;
  }

  long varint() {
    expect(WireWriter.VARINT);
    return rawVarint();
  }

  int smallVarint() {
    long value = varint();
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw malformed("a number is out of range");
    }
    return (int) value;
  }

  long signed() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  String text() {
    int length = length();
    String text = new String(bytes, next, length, StandardCharsets.UTF_8);
    next += length;
    return text;
  }

  BigInteger number() {
    int length = length();
    if (length == 0) {
      throw malformed("a number has no digits");
    }
    BigInteger number = new BigInteger(bytes, next, length);
    next += length;
    return number;
  }

  byte[] bytes() {
    int length = length();
    byte[] read = Arrays.copyOfRange(bytes, next, next + length);
    next += length;
    return read;
  }

  /** Goes into the group at hand; its fields follow up to END. */
  void enterGroup() {
    expect(WireWriter.GROUP);
    depth++;
    if (depth > MAX_DEPTH) {
      throw malformed("groups nest too deep");
    }
  }

  /** Steps over the field at hand, whatever it is. */
  void skip() {
    switch (tag & (1 << WireWriter.TYPE_BITS) - 1) {
      case WireWriter.VARINT -> rawVarint();
      case WireWriter.BYTES -> {
        int length = length(); // first: it moves the position
        next += length;
      }
      case WireWriter.GROUP -> {
        enterGroup();
        while (nextField() != WireWriter.END) {
          skip();
        }
      }
      default -> throw malformed("a field is of no known kind");
    }
  }

  private void expect(int type) {
    if ((tag & (1 << WireWriter.TYPE_BITS) - 1) != type) {
      throw malformed("a field is of another kind than expected");
    }
  }

  private int length() {
    expect(WireWriter.BYTES);
    long length = rawVarint();
    if (length < 0 || length > bytes.length - next) {
      throw malformed("a length is larger than what is left");
    }
    return (int) length;
  }

  private long rawVarint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (next == bytes.length) {
        throw malformed("the end comes too early");
      }
      byte read = bytes[next++];
      value |= (long) (read & 0x7F) << shift;
      if (read >= 0) {
        return value;
      }
    }
    throw malformed("a number is too long");
  }

  private static MalformedBytes malformed(String message) {
    return new MalformedBytes(message);
  }
}
