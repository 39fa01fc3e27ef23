package dev.notifier.channel.email;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * RFC 6376, section 6, and RFC 8463 word by word, for relaxed/relaxed and SHA-256: slow, plain, and
 * without a line of the signer's. It is itself tested with the RFC's signed message.
 */
final class PlainDkimVerifier {
  private PlainDkimVerifier() {}

  /** Returns how many signatures of this key are valid. */
  static int verified(byte[] message, PublicKey key) throws Exception {
    String[] halves = new String(message, ISO_8859_1).split("\r\n\r\n", 2);
    List<String> headers = List.of(halves[0].split("\r\n(?![ \t])"));
    String wanted = key.getAlgorithm().equals("RSA") ? "rsa-sha256" : "ed25519-sha256";
    int valid = 0;
    for (String header : headers) {
      if (header.startsWith("DKIM-Signature:")) {
        Map<String, String> tags = tags(header.substring("DKIM-Signature:".length()));
        if (tags.get("a").equals(wanted) && isValid(header, tags, headers, halves[1], key)) {
          valid++;
        }
      }
    }
    return valid;
  }

  private static Map<String, String> tags(String list) {
    Map<String, String> tags = new HashMap<>();
    for (String tag : list.split(";", -1)) {
      String[] pair = tag.split("=", 2);
      if (pair.length == 2) {
        tags.put(pair[0].strip(), pair[1].replaceAll("[ \t\r\n]", ""));
      }
    }
    return tags;
  }

  private static boolean isValid(
      String own, Map<String, String> tags, List<String> headers, String body, PublicKey key)
      throws Exception {
    String hash = Base64.getEncoder().encodeToString(sha256(relaxedBody(body)));
    if (!hash.equals(tags.get("bh")) || !tags.get("c").equals("relaxed/relaxed")) {
      return false;
    }
    List<String> left = new ArrayList<>(headers);
    StringBuilder data = new StringBuilder();
    for (String name : tags.get("h").split(":", -1)) {
      for (int i = left.size() - 1; i >= 0; i--) {
        if (left.get(i).split(":", 2)[0].strip().equalsIgnoreCase(name)) {
          data.append(relaxedHeader(left.remove(i))).append("\r\n");
          break;
        }
      }
    }
    data.append(relaxedHeader(own.replaceFirst("(?s)([;\\s]b=)[^;]*", "$1")));
    boolean rsa = key.getAlgorithm().equals("RSA");
    Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "Ed25519");
    signature.initVerify(key);
    signature.update(rsa ? data.toString().getBytes(ISO_8859_1) : sha256(data.toString()));
    return signature.verify(Base64.getDecoder().decode(tags.get("b")));
  }

  private static String relaxedHeader(String header) {
    String[] pair = header.replace("\r\n", "").split(":", 2);
    return pair[0].strip().toLowerCase(Locale.ROOT)
        + ":"
        + pair[1].replaceAll("[ \t]+", " ").strip();
  }

  private static String relaxedBody(String body) {
    String relaxed = body.replaceAll("[ \t]+", " ").replace(" \r\n", "\r\n").replaceFirst(" $", "");
    String trimmed = relaxed.replaceFirst("(?:\r\n)*$", "");
    return trimmed.isEmpty() ? "" : trimmed + "\r\n";
  }

  private static byte[] sha256(String text) throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(text.getBytes(ISO_8859_1));
  }

  /** Returns the public key with these 32 octets. */
  static PublicKey ed25519(byte[] raw) throws Exception {
    byte[] spki =
        HexFormat.of().parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(raw));
    return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
  }
}
