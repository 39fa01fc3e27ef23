package dev.notifier.channel.webhook;

import java.security.MessageDigest;
import java.util.Base64;

/** A symmetric secret, {@code whsec_…}: HMAC-SHA256 with the bytes that its Base64 stands for. */
final class HmacKey implements SigningKey, VerificationKey {
  private static final int SHORTEST = 24;
  private static final int LONGEST = 64;

  private final byte[] key;

  private HmacKey(byte[] key) {
    this.key = key;
  }

  /** Reads a secret, with its prefix or without. */
  static HmacKey parse(String secret) {
    String base64 =
        secret.startsWith(SYMMETRIC_PREFIX) ? secret.substring(SYMMETRIC_PREFIX.length()) : secret;
    byte[] key = Crypto.decode("a signing secret", base64);
    if (key.length < SHORTEST || key.length > LONGEST) {
      throw new IllegalArgumentException(
          "a signing secret must have "
              + SHORTEST
              + " to "
              + LONGEST
              + " bytes after Base64 decoding, but has "
              + key.length);
    }
    return new HmacKey(key);
  }

  @Override
  public String sign(byte[] content) {
    return version() + "," + Base64.getEncoder().encodeToString(Crypto.hmacSha256(key, content));
  }

  @Override
  public String version() {
    return "v1";
  }

  @Override
  public boolean matches(byte[] content, byte[] signature) {
    return MessageDigest.isEqual(Crypto.hmacSha256(key, content), signature);
  }
}
