package dev.notifier.channel.webhook;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/** An Ed25519 public key, {@code whpk_…}. */
final class Ed25519PublicKey implements VerificationKey {
  static final int LENGTH = 32;

  /** What stands before the 32 bytes in DER: the algorithm's identifier (RFC 8410, section 4). */
  private static final byte[] DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;

  private Ed25519PublicKey(PublicKey key) {
    this.key = key;
  }

  static Ed25519PublicKey parse(String text) {
    byte[] raw = Crypto.decode("a public key", text.substring(SigningKey.PUBLIC_PREFIX.length()));
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException(
          "a public key must have 32 bytes after Base64 decoding, but has " + raw.length);
    }
    return of(raw);
  }

  static Ed25519PublicKey of(byte[] raw) {
    byte[] der = new byte[DER_PREFIX.length + LENGTH];
    System.arraycopy(DER_PREFIX, 0, der, 0, DER_PREFIX.length);
    System.arraycopy(raw, 0, der, DER_PREFIX.length, LENGTH);
    try {
      return new Ed25519PublicKey(
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a public key must be a point of Ed25519");
    }
  }

  @Override
  public String version() {
    return "v1a";
  }

  @Override
  public boolean matches(byte[] content, byte[] signature) {
    return Crypto.required(
        () -> {
          Signature verification = Signature.getInstance("Ed25519");
          try {
            verification.initVerify(key);
            verification.update(content);
            return verification.verify(signature);
          } catch (InvalidKeyException | SignatureException e) {
            return false; // not a signature at all: the wrong length, say
          }
        });
  }
}
