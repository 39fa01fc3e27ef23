package dev.notifier.channel.sms;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs callbacks as the providers do, independently of the code under test. */
final class Signatures {
  private Signatures() {}

  static String twilio(String authToken, String text) {
    return Base64.getEncoder().encodeToString(hmac("HmacSHA1", authToken, text));
  }

  static String vonage(String secret, String text) {
    return HexFormat.of().withUpperCase().formatHex(hmac("HmacSHA256", secret, text));
  }

  private static byte[] hmac(String algorithm, String key, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
