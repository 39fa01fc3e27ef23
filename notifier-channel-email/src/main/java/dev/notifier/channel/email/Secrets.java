package dev.notifier.channel.email;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys as they are given, and the arithmetic of signatures. */
final class Secrets {
  private static final Pattern WORD = Pattern.compile("[\\x21-\\x7e]+");

  private Secrets() {}

  /** Returns a secret that can go into a header; the message of the exception does not show it. */
  static String checkWord(String what, String value) {
    if (!WORD.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what
              + " must be printable ASCII characters without white space, but this one, of "
              + value.length()
              + " characters, is not");
    }
    return value;
  }

  static byte[] hmacSha256(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks HmacSHA256", e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks SHA-256", e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
