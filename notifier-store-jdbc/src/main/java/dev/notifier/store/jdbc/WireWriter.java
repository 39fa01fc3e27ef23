package dev.notifier.store.jdbc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes tagged fields into one buffer that grows and is used again. Not thread-safe.
 *
 * <p>A field is a tag and a value; the tag is the field's number and how its value is written, as a
 * varint. So a reader can step over a field that it does not know.
 */
final class WireWriter {
  static final int VARINT = 0;
  static final int BYTES = 1;
  static final int GROUP = 2;
  static final int TYPE_BITS = 2;

  /** Ends a group; no field has the number 0. */
  static final int END = 0;

  private static final int FIRST_CAPACITY = 1024;

  /** What one huge notification needed is not held for ever. */
  private static final int KEPT_CAPACITY = 1024 * 1024;

  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int size;

  /** Starts anew, with the byte that tells the format. */
  void start(byte format) {
    if (buffer.length > KEPT_CAPACITY) {
      buffer = new byte[FIRST_CAPACITY];
    }
    size = 0;
    writeByte(format);
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  void varint(int field, long value) {
    rawVarint((long) field << TYPE_BITS | VARINT);
    rawVarint(value);
  }

  /** Writes a number that may be negative: small ones of either sign stay short. */
  void signed(int field, long value) {
    varint(field, value << 1 ^ value >> 63);
  }

  void text(int field, String value) {
    bytes(field, value.getBytes(StandardCharsets.UTF_8)); // a plain copy while it is ASCII
  }

  void number(int field, BigInteger value) {
    bytes(field, value.toByteArray());
  }

  void bytes(int field, byte[] value) {
    rawVarint((long) field << TYPE_BITS | BYTES);
    rawVarint(value.length);
    ensure(value.length);
    System.arraycopy(value, 0, buffer, size, value.length);
    size += value.length;
  }

  void startGroup(int field) {
    rawVarint((long) field << TYPE_BITS | GROUP);
  }

  void endGroup() {
    rawVarint(END);
  }

  private void rawVarint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
  }

  private void writeByte(byte value) {
    ensure(1);
    buffer[size++] = value;
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      int needed = Math.addExact(size, more);
      int doubled = (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 16);
      buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
    }
  }
}
