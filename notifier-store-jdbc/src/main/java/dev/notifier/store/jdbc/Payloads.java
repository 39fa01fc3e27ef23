package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.Notification;
import dev.notifier.Restored;
import dev.notifier.StoreException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the columns that hold messages and addresses: encrypted if there is a cipher, as
 * it is if there is none. Thread-safe.
 */
final class Payloads {
  private static final byte ADDRESS = 0x31;

  private final @Nullable PayloadCipher cipher;
  private final LookupHash hash;

  private Payloads(@Nullable PayloadCipher cipher, LookupHash hash) {
    this.cipher = cipher;
    this.hash = hash;
  }

  static Payloads plain() {
    return new Payloads(null, LookupHash.plain());
  }

  static Payloads encrypted(PayloadCipher cipher) {
    return new Payloads(cipher, LookupHash.keyed(cipher.ring()));
  }

  /** Returns the hashes by which rows are found. */
  LookupHash hash() {
    return hash;
  }

  /** Returns encoded bytes as they are stored in the row with this key. */
  byte[] protect(byte[] encoded, byte[] rowKey) {
    return cipher == null ? encoded : cipher.seal(encoded, rowKey);
  }

  /** Returns the encoded bytes of the row with this key. */
  byte[] reveal(byte[] stored, byte[] rowKey) {
    return cipher == null ? stored : cipher.open(stored, rowKey);
  }

  /**
   * Returns the notification of a row of queue or history.
   *
   * @param content what it says, revealed already; null for none
   */
  Notification decode(byte[] rowKey, byte[] envelope, byte @Nullable [] content) {
    return NotificationCodec.decode(reveal(envelope, rowKey), content);
  }

  /** Returns an address as it is stored in the row with this key. */
  byte[] protect(Address address, byte[] rowKey) {
    byte[] text =
        (address.channel().value() + ":" + address.value()).getBytes(StandardCharsets.UTF_8);
    byte[] encoded = new byte[1 + text.length];
    encoded[0] = ADDRESS;
    System.arraycopy(text, 0, encoded, 1, text.length);
    return protect(encoded, rowKey);
  }

  /** Returns the address of the row with this key. */
  Address address(byte[] stored, byte[] rowKey) {
    byte[] encoded = reveal(stored, rowKey);
    if (PayloadCipher.isSealed(encoded)) {
      throw new StoreException(
          "a stored address is encrypted: set notifier.store.jdbc.encryption.keys", null);
    }
    String text = new String(encoded, StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    if (encoded.length == 0 || encoded[0] != ADDRESS || colon < 2) {
      throw new StoreException(
          "a stored address is damaged, or a newer version wrote it: upgrade this node", null);
    }
    return Restored.address(ChannelId.of(text.substring(1, colon)), text.substring(colon + 1));
  }

  /** Tells whether the bytes are stored as they would be today. */
  boolean isCurrent(byte[] start) {
    return cipher == null || cipher.isCurrent(start);
  }
}
