package dev.notifier.channel.webhook;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Signs a webhook: makes the headers by which its receiver knows that it is genuine. */
final class WebhookSignature {
  static final String ID = "webhook-id";
  static final String TIMESTAMP = "webhook-timestamp";
  static final String SIGNATURE = "webhook-signature";

  /**
   * The older way of many receivers: {@code sha256=} and the HMAC of the body alone, in hex.
   *
   * @param header where it stands, such as {@code X-Hub-Signature-256}
   * @param secret the key, as it is: its UTF-8 bytes
   */
  record PlainHmac(String header, String secret) {
    String sign(byte[] body) {
      byte[] key = secret.getBytes(StandardCharsets.UTF_8);
      return "sha256=" + HexFormat.of().formatHex(Crypto.hmacSha256(key, body));
    }

    /** Returns the header only: the secret must not be shown. */
    @Override
    public String toString() {
      return "PlainHmac[" + header + "]";
    }
  }

  private WebhookSignature() {}

  /** Returns the headers for one attempt, whose body is these very bytes. */
  static Map<String, String> headers(
      List<SigningKey> keys, Optional<PlainHmac> plain, Stamp stamp, byte[] body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(ID, stamp.id());
    headers.put(TIMESTAMP, stamp.seconds());
    if (!keys.isEmpty()) {
      byte[] content = Crypto.signedContent(stamp.id(), stamp.seconds(), body);
      headers.put(
          SIGNATURE, keys.stream().map(key -> key.sign(content)).collect(Collectors.joining(" ")));
    }
    plain.ifPresent(hmac -> headers.put(hmac.header(), hmac.sign(body)));
    return headers;
  }

  /**
   * What makes an attempt recognisable.
   *
   * @param id the same over all attempts of a delivery; holds no dot
   * @param seconds the time of this attempt, in Unix seconds
   */
  record Stamp(String id, String seconds) {}
}
