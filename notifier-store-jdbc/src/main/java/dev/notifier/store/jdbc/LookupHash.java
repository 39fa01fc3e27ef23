package dev.notifier.store.jdbc;

import dev.notifier.NotificationId;
import dev.notifier.StoreException;
import dev.notifier.SuppressionTarget;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The hashes by which rows are found: plain SHA-256 or, where rows are encrypted, HMAC-SHA-256
 * under a key derived from the look-up key. Thread-safe.
 *
 * <p>What is hashed begins with a byte for its kind, so that equal texts of two kinds have
 * unrelated hashes. The hashes of 64 bits may collide: who finds a row by one compares what is in
 * it.
 */
final class LookupHash {
  private static final byte RECIPIENT = 1;
  private static final byte CORRELATION = 2;
  private static final byte IDEMPOTENCY = 3;
  private static final byte TARGET = 4;
  private static final byte PROVIDER = 5;
  private static final byte TAG = 6;
  private static final byte PREFERENCE = 7;
  private static final byte REPLAY = 8;
  private static final byte MARK = 9;

  private static final String MAC = "HmacSHA256";
  private static final byte[] LABEL = "notifier look-up 1".getBytes(StandardCharsets.US_ASCII);

  /** A digest of its own for each thread. */
  private static final ThreadLocal<MessageDigest> digests =
      ThreadLocal.withInitial(LookupHash::newDigest);

  private final @Nullable ThreadLocal<Mac> macs;

  private LookupHash(@Nullable ThreadLocal<Mac> macs) {
    this.macs = macs;
  }

  /** Returns hashes that need no key, for a store that encrypts nothing. */
  static LookupHash plain() {
    return new LookupHash(null);
  }

  /** Returns hashes under a key that is derived from the look-up key; data keys have no part. */
  static LookupHash keyed(KeyRing ring) {
    SecretKeySpec key = new SecretKeySpec(newMac(ring.lookupKey()).doFinal(LABEL), MAC);
    return new LookupHash(ThreadLocal.withInitial(() -> newMac(key.getEncoded())));
  }

  private static Mac newMac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new StoreException("this JVM has no " + MAC + "; add a provider of it", e);
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new StoreException("this JVM has no SHA-256; add a provider of it", e);
    }
  }

  /** Returns 64 bits for {@link dev.notifier.Recipient#key()}. */
  long recipient(String key) {
    return first64(hash(RECIPIENT, key));
  }

  /** Returns 64 bits for a correlation id. */
  long correlation(String id) {
    return first64(hash(CORRELATION, id));
  }

  /** Returns 64 bits for a tag. */
  long tag(String tag) {
    return first64(hash(TAG, tag));
  }

  /** Returns 32 bytes for an idempotency key, which is scoped by the recipient's key. */
  byte[] idempotencyKey(String recipientKey, String key) {
    return hash(IDEMPOTENCY, scoped(recipientKey, key));
  }

  /**
   * Returns 32 bytes for the one replay of a notification. Its id is no secret, so that they need
   * no key, and stay the same when another one comes into use.
   */
  static byte[] replay(NotificationId id) {
    MessageDigest digest = digests.get();
    digest.update(REPLAY);
    return digest.digest(DeliveryKey.of(id));
  }

  /** Returns 64 bits for a provider's message id on a channel, which stands beside it in plain. */
  static long reference(String channel, String messageId) {
    return first64(plain().hash(PROVIDER, channel + ":" + messageId));
  }

  /** Returns 32 bytes for what is suppressed: an address or a recipient. */
  byte[] target(SuppressionTarget target) {
    return hash(TARGET, target.text());
  }

  /** Returns 32 bytes for what a recipient says about a category on a channel. */
  byte[] preference(String recipientKey, String category, String lane) {
    return hash(PREFERENCE, scoped(category, scoped(lane, recipientKey)));
  }

  /** Returns 32 bytes for a provider's message id on a channel. */
  byte[] providerMessage(String channel, String messageId) {
    return hash(PROVIDER, channel + ":" + messageId);
  }

  /** Returns the key of the row that says that the tables are encrypted, which hides nothing. */
  static byte[] keyOfMark() {
    return plain().hash(MARK, "");
  }

  /** Returns 16 bytes that tell this look-up key from another. */
  byte[] mark() {
    return Arrays.copyOf(hash(MARK, ""), DeliveryKey.NOTIFICATION_LENGTH);
  }

  /** The length tells where the scope ends, so that no two pairs are written alike. */
  private static String scoped(String scope, String key) {
    return scope.length() + ":" + scope + key;
  }

  private byte[] hash(byte kind, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (macs == null) {
      MessageDigest digest = digests.get();
      digest.update(kind);
      return digest.digest(bytes);
    }
    Mac mac = macs.get();
    mac.update(kind);
    return mac.doFinal(bytes);
  }

  private static long first64(byte[] hash) {
    return ByteBuffer.wrap(hash).getLong();
  }
}
