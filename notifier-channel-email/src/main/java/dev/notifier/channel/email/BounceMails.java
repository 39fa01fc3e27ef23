package dev.notifier.channel.email;

import dev.notifier.CallbackRequest;
import dev.notifier.spi.DeliveryUpdate;
import java.util.Arrays;
import java.util.List;

/** Bounces that came as mail: non-delivery reports (RFC 3464) and complaints (RFC 5965). */
final class BounceMails {
  private static final String METHOD = "MAIL";
  private static final String URL = "mailto:bounces";

  /** As much as a callback may have. A report stands before the message that it returns. */
  private static final int MOST_BYTES = 1024 * 1024;

  private BounceMails() {}

  /** Returns a mail as a callback. Of a long one the end is left out. */
  static CallbackRequest request(byte[] mail) {
    byte[] start = mail.length <= MOST_BYTES ? mail : Arrays.copyOf(mail, MOST_BYTES);
    return CallbackRequest.of(METHOD, URL).body(start);
  }

  /** Tells whether a callback is a mail; no request over HTTP is taken for one. */
  static boolean isOne(CallbackRequest request) {
    return request.method().equals(METHOD) && request.url().equals(URL);
  }

  static List<DeliveryUpdate> receive(CallbackRequest request) {
    return List.of();
  }
}
