package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.NotificationId;
import dev.notifier.StoreException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * The keys of rows: the 16 bytes of a notification's id, most significant first, and for a delivery
 * one byte more for its leg. Compared as unsigned bytes, as databases do, they sort by time.
 */
final class DeliveryKey {
  static final int LENGTH = 17;
  static final int NOTIFICATION_LENGTH = 16;

  private static final int MAX_LEG = 255;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private DeliveryKey() {}

  /**
   * Returns the key of a delivery.
   *
   * @throws StoreException if the leg does not fit into a byte
   */
  static byte[] of(DeliveryId id) {
    if (id.leg() > MAX_LEG) {
      throw new StoreException(
          "the JDBC store keeps at most "
              + (MAX_LEG + 1)
              + " deliveries for a notification, but "
              + id
              + " is beyond that: send it as several notifications",
          null);
    }
    return keyOf(id.notification(), id.leg());
  }

  static byte[] of(NotificationId id) {
    byte[] key = new byte[NOTIFICATION_LENGTH];
    put(key, id.value());
    return key;
  }

  /** Returns the key of a notification's first possible delivery. */
  static byte[] first(NotificationId id) {
    return keyOf(id, 0);
  }

  /** Returns the key of a notification's last possible delivery. */
  static byte[] last(NotificationId id) {
    return keyOf(id, MAX_LEG);
  }

  private static byte[] keyOf(NotificationId id, int leg) {
    byte[] key = new byte[LENGTH];
    put(key, id.value());
    key[NOTIFICATION_LENGTH] = (byte) leg;
    return key;
  }

  private static void put(byte[] key, UUID id) {
    LONGS.set(key, 0, id.getMostSignificantBits());
    LONGS.set(key, Long.BYTES, id.getLeastSignificantBits());
  }

  /** Returns the delivery with this key. */
  static DeliveryId delivery(byte[] key) {
    checkLength(key, LENGTH);
    return new DeliveryId(idIn(key), key[NOTIFICATION_LENGTH] & 0xFF);
  }

  /** Returns the notification with this key. */
  static NotificationId notification(byte[] key) {
    checkLength(key, NOTIFICATION_LENGTH);
    return idIn(key);
  }

  private static NotificationId idIn(byte[] key) {
    return new NotificationId(
        new UUID((long) LONGS.get(key, 0), (long) LONGS.get(key, Long.BYTES)));
  }

  private static void checkLength(byte[] key, int length) {
    if (key.length != length) {
      throw new StoreException(
          "a key in the database has "
              + key.length
              + " bytes instead of "
              + length
              + ": the row was not written by this library, or is damaged",
          null);
    }
  }
}
