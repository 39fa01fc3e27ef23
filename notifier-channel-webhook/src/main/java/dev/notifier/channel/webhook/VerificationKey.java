package dev.notifier.channel.webhook;

/** A key that tells whether a signature is genuine. */
interface VerificationKey {
  /** Returns the version of the signatures that it can tell about: {@code v1} or {@code v1a}. */
  String version();

  /** Tells whether the signature is genuine, in a time that does not depend on where it differs. */
  boolean matches(byte[] content, byte[] signature);

  /**
   * Reads a key: {@code whpk_…} is an Ed25519 public key, anything else is symmetric.
   *
   * @throws IllegalArgumentException if it cannot be read; the message does not show it
   */
  static VerificationKey parse(String key) {
    if (key.startsWith(SigningKey.PRIVATE_PREFIX)) {
      throw new IllegalArgumentException(
          "a receiver needs the public key, whpk_…; the private key, whsk_…, stays with the sender");
    }
    return key.startsWith(SigningKey.PUBLIC_PREFIX)
        ? Ed25519PublicKey.parse(key)
        : HmacKey.parse(key);
  }
}
