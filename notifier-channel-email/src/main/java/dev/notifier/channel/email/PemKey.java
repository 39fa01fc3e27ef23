package dev.notifier.channel.email;

import dev.notifier.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the private key of a DKIM signer; no error shows anything of it. */
final class PemKey {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");

  /** RFC 8301, 3.2. */
  private static final int FEWEST_RSA_BITS = 1024;

  /** What stands before a PKCS #1 key in a PKCS #8 one: version 0, and that the key is for RSA. */
  private static final byte[] RSA_ALGORITHM =
      HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

  private PemKey() {}

  /**
   * Returns the key.
   *
   * @throws ConfigurationException if there is none that can sign
   */
  static PrivateKey read(String pem) {
    Matcher found = PEM.matcher(pem);
    if (!found.find()) {
      throw bad("it must be PEM: -----BEGIN PRIVATE KEY----- and so on");
    }
    byte[] der = decoded(found.group(2));
    return switch (found.group(1)) {
      case "PRIVATE KEY" -> pkcs8(der);
      case "RSA PRIVATE KEY" -> pkcs8(wrapped(der));
      case "ENCRYPTED PRIVATE KEY" ->
          throw bad("it is encrypted: openssl pkey -in key.pem -out plain.pem decrypts it");
      default -> throw bad("it is a " + found.group(1) + ", not a PRIVATE KEY");
    };
  }

  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw bad("what stands between its BEGIN and its END is not base64");
    }
  }

  private static byte[] wrapped(byte[] pkcs1) {
    return der(0x30, RSA_ALGORITHM, der(0x04, pkcs1));
  }

  /** A DER value: its tag, its length and what it holds. */
  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    List.of(contents).forEach(content::writeBytes);
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(tag);
    value.write(0x82); // the length follows in two bytes: no RSA key that may be used has fewer
    value.write(content.size() >> 8);
    value.write(content.size());
    value.writeBytes(content.toByteArray());
    return value.toByteArray();
  }

  private static PrivateKey pkcs8(byte[] der) {
    for (String algorithm : List.of("RSA", "Ed25519")) {
      try {
        PrivateKey key =
            KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        checkStrength(key);
        return key;
      } catch (GeneralSecurityException e) {
        // it may be of the other kind
      }
    }
    throw bad("it must be an RSA or an Ed25519 key");
  }

  private static void checkStrength(PrivateKey key) {
    if (key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() < FEWEST_RSA_BITS) {
      throw bad(
          "an RSA key must have at least "
              + FEWEST_RSA_BITS
              + " bits (RFC 8301), but has "
              + rsa.getModulus().bitLength());
    }
  }

  private static ConfigurationException bad(String why) {
    return new ConfigurationException("the DKIM key cannot be used: " + why);
  }
}
