package dev.notifier.channel.sms;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The arithmetic of signatures. */
final class Secrets {
  private Secrets() {}

  /** Returns a secret that can be one; the message of the exception does not show it. */
  static String checked(String what, String value) {
    if (value.isBlank()
        || !value.equals(value.strip())
        || value.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          what
              + " must be one or more printable characters without white space at either end, but"
              + " this one has "
              + value.length()
              + " characters and is not");
    }
    return value;
  }

  static byte[] hmac(String algorithm, String key, String text) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks " + algorithm, e);
    }
  }

  static byte[] hash(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JVM lacks " + algorithm, e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Compares without telling by its duration how much of the text was right. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /** Compares hexadecimal numbers as {@link #same} does; upper and lower case do not matter. */
  static boolean sameHex(String one, String other) {
    return same(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
  }
}
