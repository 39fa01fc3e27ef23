package dev.notifier.store.jdbc;

import dev.notifier.StoreException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what notifications say and to whom, before it reaches the database.
 *
 * <p>AES-256-GCM with a random nonce of 96 bits. The id of the key stands in front; it and the id
 * of the row are authenticated, so that a row cannot be passed off as another. Rows that were
 * written before encryption was turned on stay readable.
 *
 * <p>What stays readable in the database: ids, times, channels, priorities, states, reasons, and
 * message ids of providers. Random nonces limit a key to about 4 billion (2<sup>32</sup>) rows
 * (NIST SP 800-38D, 8.3): replace it before that, by a new key in front of the {@link KeyRing}.
 *
 * <p>Thread-safe.
 */
public final class PayloadCipher {
  /** The format of what is encrypted; no other format begins so. */
  static final byte SEALED = (byte) 0xE1;

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int KEY_ID_LENGTH = Integer.BYTES;
  static final int HEADER_LENGTH = 1 + KEY_ID_LENGTH;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  /** By how much sealing makes an array longer. */
  static final int OVERHEAD = HEADER_LENGTH + NONCE_LENGTH + TAG_BITS / 8;

  /** One of its own for each thread, since a shared one would be a line to stand in. */
  private static final ThreadLocal<SecureRandom> randoms =
      ThreadLocal.withInitial(SecureRandom::new);

  private static final ThreadLocal<Cipher> ciphers =
      ThreadLocal.withInitial(PayloadCipher::newCipher);

  private final KeyRing ring;
  private final SecretKey currentKey;
  private final Map<Integer, SecretKey> keys = new HashMap<>();

  private PayloadCipher(KeyRing ring) {
    this.ring = ring;
    ring.keys().forEach((id, key) -> keys.put(id, new SecretKeySpec(key, "AES")));
    currentKey = new SecretKeySpec(ring.keys().get(ring.currentId()), "AES");
  }

  /** Returns a cipher that writes with the ring's current key and reads with all of them. */
  public static PayloadCipher aes256(KeyRing ring) {
    return new PayloadCipher(ring);
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance(TRANSFORMATION);
    } catch (GeneralSecurityException e) {
      throw new StoreException("this JVM has no " + TRANSFORMATION + "; add a provider of it", e);
    }
  }

  KeyRing ring() {
    return ring;
  }

  /** Returns the bytes encrypted under the current key. */
  byte[] seal(byte[] plain, byte[] rowId) {
    byte[] nonce = new byte[NONCE_LENGTH];
    randoms.get().nextBytes(nonce);
    byte[] sealed = new byte[OVERHEAD + plain.length];
    ByteBuffer.wrap(sealed).put(SEALED).putInt(ring.currentId()).put(nonce);
    try {
      Cipher cipher = ciphers.get();
      cipher.init(Cipher.ENCRYPT_MODE, currentKey, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(sealed, 0, HEADER_LENGTH);
      cipher.updateAAD(rowId);
      cipher.doFinal(plain, 0, plain.length, sealed, HEADER_LENGTH + NONCE_LENGTH);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new StoreException("a row cannot be encrypted; nothing was written", e);
    }
  }

  /**
   * Returns the bytes as they were before {@link #seal}; those that were never sealed, as they are.
   *
   * @throws StoreException if the key is not on the ring, or the bytes or the row are not what was
   *     sealed
   */
  byte[] open(byte[] stored, byte[] rowId) {
    if (!isSealed(stored)) {
      return stored;
    }
    if (stored.length < OVERHEAD) {
      throw new StoreException("an encrypted row is cut off: restore it from a backup", null);
    }
    int keyId = keyId(stored);
    SecretKey key = keys.get(keyId);
    if (key == null) {
      throw new StoreException(
          "a row is encrypted under key "
              + keyId
              + ", but the ring has only "
              + ring.ids()
              + ": add it to notifier.store.jdbc.encryption.keys, behind the current one",
          null);
    }
    return open(stored, rowId, keyId, key);
  }

  private static byte[] open(byte[] stored, byte[] rowId, int keyId, SecretKey key) {
    try {
      Cipher cipher = ciphers.get();
      cipher.init(
          Cipher.DECRYPT_MODE,
          key,
          new GCMParameterSpec(TAG_BITS, stored, HEADER_LENGTH, NONCE_LENGTH));
      cipher.updateAAD(stored, 0, HEADER_LENGTH);
      cipher.updateAAD(rowId);
      int start = HEADER_LENGTH + NONCE_LENGTH;
      return cipher.doFinal(stored, start, stored.length - start);
    } catch (AEADBadTagException e) {
      throw new StoreException(
          "a row is not what was encrypted under key "
              + keyId
              + ": either this id stood for another key when it was written (put that key back), or"
              + " the row was changed (restore it from a backup)",
          null);
    } catch (GeneralSecurityException e) {
      throw new StoreException("a row under key " + keyId + " cannot be decrypted", e);
    }
  }

  /** Tells whether the bytes are encrypted, under whichever key. */
  static boolean isSealed(byte @Nullable [] stored) {
    return stored != null && stored.length > 0 && stored[0] == SEALED;
  }

  /**
   * Tells whether bytes are encrypted under the current key.
   *
   * @param start the first {@link #HEADER_LENGTH} of them, or more
   */
  boolean isCurrent(byte[] start) {
    return isSealed(start) && start.length >= HEADER_LENGTH && keyId(start) == ring.currentId();
  }

  private static int keyId(byte[] stored) {
    return ByteBuffer.wrap(stored, 1, KEY_ID_LENGTH).getInt();
  }

  /** Returns the ids of the keys, never a key. */
  @Override
  public String toString() {
    return "PayloadCipher[AES-256-GCM, " + ring + "]";
  }
}
