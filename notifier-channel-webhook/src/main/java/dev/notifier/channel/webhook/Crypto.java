package dev.notifier.channel.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC and Base64, with words for what can go wrong. */
final class Crypto {
  private Crypto() {}

  /** A piece of work with keys that every JVM can do. */
  interface Work<T> {
    T run() throws GeneralSecurityException;
  }

  static <T> T required(Work<T> work) {
    try {
      return work.run();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks HmacSHA256 or Ed25519", e);
    }
  }

  static byte[] hmacSha256(byte[] key, byte[] content) {
    return required(
        () -> {
          Mac mac = Mac.getInstance("HmacSHA256");
          mac.init(new SecretKeySpec(key, "HmacSHA256"));
          return mac.doFinal(content);
        });
  }

  /** Returns what is signed: {@code id.timestamp.body}. */
  static byte[] signedContent(String id, String timestamp, byte[] body) {
    byte[] prefix = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    byte[] content = new byte[prefix.length + body.length];
    System.arraycopy(prefix, 0, content, 0, prefix.length);
    System.arraycopy(body, 0, content, prefix.length, body.length);
    return content;
  }

  /**
   * Decodes what follows the prefix of a key.
   *
   * @throws IllegalArgumentException if it is not Base64; the message does not show it
   */
  static byte[] decode(String what, String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + " must be Base64 after its prefix");
    }
  }
}
