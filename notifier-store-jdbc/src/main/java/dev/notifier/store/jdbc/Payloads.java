package dev.notifier.store.jdbc;

import dev.notifier.ChannelId;
import dev.notifier.Notification;
import dev.notifier.Recipient;
import dev.notifier.Restored;
import dev.notifier.StoreException;
import dev.notifier.SuppressionTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What goes into the columns that hold messages and addresses: encrypted if there is a cipher, as
 * it is if there is none. Thread-safe.
 */
final class Payloads {
  private static final byte ADDRESS = 0x31;
  private static final byte WIDE_TARGET = 0x32;
  private static final byte RECIPIENT = 0x33;

  /** Each text says first what it is about: a channel or none, and then an address or a name. */
  private static final Pattern MARK = Pattern.compile("^(?:#|\\*:|[a-z][a-z0-9-]*[:#])");

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

  /** Returns what is suppressed as it is stored in the row with this key. */
  byte[] protect(SuppressionTarget target, byte[] rowKey) {
    boolean isAddress = !target.isRecipient() && target.channel().isPresent();
    return protect(isAddress ? ADDRESS : WIDE_TARGET, target.text(), rowKey);
  }

  /** Returns what is suppressed by the row with this key. */
  SuppressionTarget target(byte[] stored, byte[] rowKey) {
    return Restored.suppressionTarget(text(stored, rowKey, Set.of(ADDRESS, WIDE_TARGET)));
  }

  /** Returns a recipient's key as it is stored in the row with this key. */
  byte[] protect(Recipient recipient, byte[] rowKey) {
    return protect(RECIPIENT, recipient.key(), rowKey);
  }

  /** Returns the recipient, so far as its key tells, of the row with this key. */
  Recipient recipient(byte[] stored, byte[] rowKey) {
    String key = text(stored, rowKey, Set.of(RECIPIENT));
    if (key.startsWith("#")) {
      return Restored.recipient(key.substring(1), List.of());
    }
    int colon = key.indexOf(':');
    return Restored.recipient(
        null,
        List.of(Restored.address(ChannelId.of(key.substring(0, colon)), key.substring(colon + 1))));
  }

  private byte[] protect(byte format, String text, byte[] rowKey) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] encoded = new byte[1 + bytes.length];
    encoded[0] = format;
    System.arraycopy(bytes, 0, encoded, 1, bytes.length);
    return protect(encoded, rowKey);
  }

  private String text(byte[] stored, byte[] rowKey, Set<Byte> formats) {
    byte[] encoded = reveal(stored, rowKey);
    if (PayloadCipher.isSealed(encoded)) {
      throw new StoreException(
          "a stored address is encrypted: set notifier.store.jdbc.encryption.keys", null);
    }
    String text = encoded.length == 0 ? "" : textOf(encoded);
    if (!MARK.matcher(text).find() || !formats.contains(encoded[0])) {
      throw new StoreException(
          "a stored address is damaged, or a newer version wrote it: upgrade this node", null);
    }
    return text;
  }

  private static String textOf(byte[] encoded) {
    return new String(encoded, 1, encoded.length - 1, StandardCharsets.UTF_8);
  }

  /** Tells whether the bytes are stored as they would be today. */
  boolean isCurrent(byte[] start) {
    return cipher == null || cipher.isCurrent(start);
  }
}
