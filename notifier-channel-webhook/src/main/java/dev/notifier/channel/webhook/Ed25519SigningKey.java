package dev.notifier.channel.webhook;

import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;

/** An Ed25519 private key, {@code whsk_…}: the seed, and after it the public key if it is there. */
final class Ed25519SigningKey implements SigningKey {
  private static final int SEED_LENGTH = 32;

  private final PrivateKey key;

  private Ed25519SigningKey(PrivateKey key) {
    this.key = key;
  }

  static Ed25519SigningKey parse(String text) {
    byte[] raw = Crypto.decode("a private key", text.substring(PRIVATE_PREFIX.length()));
    if (raw.length != SEED_LENGTH && raw.length != SEED_LENGTH + Ed25519PublicKey.LENGTH) {
      throw new IllegalArgumentException(
          "a private key must have 32 bytes (seed) or 64 (seed and public key) after Base64"
              + " decoding, but has "
              + raw.length);
    }
    Ed25519SigningKey key = ofSeed(Arrays.copyOf(raw, SEED_LENGTH));
    if (raw.length > SEED_LENGTH) {
      key.checkBelongsTo(Arrays.copyOfRange(raw, SEED_LENGTH, raw.length));
    }
    return key;
  }

  private static Ed25519SigningKey ofSeed(byte[] seed) {
    return Crypto.required(
        () ->
            new Ed25519SigningKey(
                KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed))));
  }

  private void checkBelongsTo(byte[] publicKey) {
    byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
    if (!Ed25519PublicKey.of(publicKey).matches(probe, rawSignature(probe))) {
      throw new IllegalArgumentException(
          "a private key must hold the public key that belongs to its seed, but holds another");
    }
  }

  @Override
  public String sign(byte[] content) {
    return "v1a," + Base64.getEncoder().encodeToString(rawSignature(content));
  }

  private byte[] rawSignature(byte[] content) {
    return Crypto.required(
        () -> {
          Signature signature = Signature.getInstance("Ed25519");
          signature.initSign(key);
          signature.update(content);
          return signature.sign();
        });
  }
}
