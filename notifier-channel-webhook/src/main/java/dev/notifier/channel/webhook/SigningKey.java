package dev.notifier.channel.webhook;

/** A secret that signs webhooks. */
interface SigningKey {
  String SYMMETRIC_PREFIX = "whsec_";
  String PRIVATE_PREFIX = "whsk_";
  String PUBLIC_PREFIX = "whpk_";

  /** Returns the signature as it stands in the header: version, comma, Base64. */
  String sign(byte[] content);

  /**
   * Reads a secret: {@code whsec_…} is symmetric, {@code whsk_…} is an Ed25519 key.
   *
   * @throws IllegalArgumentException if it is neither; the message does not show it
   */
  static SigningKey parse(String secret) {
    if (secret.startsWith(SYMMETRIC_PREFIX)) {
      return HmacKey.parse(secret);
    }
    if (secret.startsWith(PRIVATE_PREFIX)) {
      return Ed25519SigningKey.parse(secret);
    }
    throw new IllegalArgumentException(
        "a signing secret must start with whsec_ (symmetric) or whsk_ (Ed25519 private key)");
  }
}
