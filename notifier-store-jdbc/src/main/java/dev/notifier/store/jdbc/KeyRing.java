package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.ProviderSettings;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The secret keys of a store: the one to write with, older ones to read with, and one for look-ups.
 *
 * <p>Data keys are replaced by and by: put a new one in front under a new id, on every node; then
 * let the store rewrite its rows; when nothing is under the old key any more, drop it. The look-up
 * key is another one, and <em>it must never change</em>: recipients, correlation ids, idempotency
 * keys and suppressed addresses are found by a hash that is made with it, and with a new one they
 * would not be found again. Its hashes tell nothing to who has not got it; what is used for hashing
 * is derived from it (HMAC-SHA-256 over a label), so that the key itself does no other work.
 *
 * <p>Immutable and thread-safe. Keys are copied, and appear in no {@link #toString()}.
 */
public final class KeyRing {
  private static final int KEY_LENGTH = 32;

  private final int currentId;
  private final Map<Integer, byte[]> keys;
  private final byte[] lookupKey;

  private KeyRing(int currentId, Map<Integer, byte[]> keys, byte[] lookupKey) {
    this.currentId = currentId;
    this.keys = keys;
    this.lookupKey = lookupKey;
  }

  /**
   * Returns a ring of one data key, with which is written and read.
   *
   * @param id from 1; it is stored with every row, so it must never stand for another key
   * @param key exactly 32 bytes, from a cryptographic random source
   * @param lookupKey exactly 32 other bytes; keep it for as long as the data
   * @throws ConfigurationException if an id or a length is wrong
   */
  public static KeyRing of(int id, byte[] key, byte[] lookupKey) {
    KeyRing none = new KeyRing(id, Map.of(), checked("the look-up key", lookupKey));
    return none.with(id, key);
  }

  /** Returns a ring of one data key, both given as Base64 of exactly 32 bytes. */
  public static KeyRing of(int id, String key, String lookupKey) {
    return of(id, decoded(nameOf(id), key), decoded("the look-up key", lookupKey));
  }

  /**
   * Returns this ring with one more key, to read what was written with it.
   *
   * @throws ConfigurationException if the id is taken, or below 1, or the key has not 32 bytes
   */
  public KeyRing withOlder(int id, byte[] key) {
    return with(id, key);
  }

  /** Returns this ring with one more key to read with, given as Base64 of exactly 32 bytes. */
  public KeyRing withOlder(int id, String key) {
    return with(id, decoded(nameOf(id), key));
  }

  private KeyRing with(int id, byte[] key) {
    if (id < 1) {
      throw new ConfigurationException("the id of an encryption key must be 1 or more, not " + id);
    }
    Map<Integer, byte[]> all = new LinkedHashMap<>(keys);
    if (all.put(id, checked(nameOf(id), key)) != null) {
      throw new ConfigurationException("there are two encryption keys with the id " + id);
    }
    return new KeyRing(currentId, all, lookupKey);
  }

  /**
   * Reads {@code encryption.keys=2:base64,1:base64}, of which the first is the current one, and
   * {@code encryption.lookup-key=base64}.
   *
   * @return the ring; empty if neither is set
   */
  static Optional<KeyRing> from(ProviderSettings settings) {
    Optional<String> keys = settings.secret("encryption.keys");
    Optional<String> lookupKey = settings.secret("encryption.lookup-key");
    if (keys.isEmpty() && lookupKey.isEmpty()) {
      return Optional.empty();
    }
    if (keys.isEmpty() || lookupKey.isEmpty()) {
      throw new ConfigurationException(
          settings.name(keys.isEmpty() ? "encryption.keys" : "encryption.lookup-key")
              + " is missing: encryption needs both; make a key by: openssl rand -base64 32");
    }
    return Optional.of(parsed(settings.name("encryption.keys"), keys.get(), lookupKey.get()));
  }

  private static KeyRing parsed(String setting, String keys, String lookupKey) {
    KeyRing ring = null;
    for (String entry : keys.split(",", -1)) {
      int colon = entry.indexOf(':');
      int id = colon < 0 ? 0 : idIn(entry.substring(0, colon).strip());
      if (id < 1) {
        throw new ConfigurationException(
            setting
                + " must be written as id:base64,id:base64, with ids from 1 to "
                + Integer.MAX_VALUE
                + ", the current key first");
      }
      String key = entry.substring(colon + 1);
      ring = ring == null ? of(id, key, lookupKey) : ring.withOlder(id, key);
    }
    return Objects.requireNonNull(ring);
  }

  /** Returns 0 for what is no id. */
  private static int idIn(String text) {
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static byte[] decoded(String name, String key) {
    try {
      return Base64.getDecoder().decode(key.strip().getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException e) { // its message would quote the key
      throw new ConfigurationException(name + " is not Base64; make one: openssl rand -base64 32");
    }
  }

  private static byte[] checked(String name, byte[] key) {
    if (key.length != KEY_LENGTH) {
      throw new ConfigurationException(
          name
              + " must have exactly "
              + KEY_LENGTH
              + " bytes, but has "
              + key.length
              + "; make one: openssl rand -base64 32");
    }
    return key.clone();
  }

  private static String nameOf(int id) {
    return "encryption key " + id;
  }

  /** Returns the id of the key to write with. */
  public int currentId() {
    return currentId;
  }

  Set<Integer> ids() {
    return keys.keySet();
  }

  Map<Integer, byte[]> keys() {
    return keys;
  }

  byte[] lookupKey() {
    return lookupKey;
  }

  /** Returns the ids, never a key. */
  @Override
  public String toString() {
    return "KeyRing[current=" + currentId + ", all=" + keys.keySet() + "]";
  }
}
