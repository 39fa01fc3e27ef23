package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import dev.notifier.http.HttpReply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an HTTP status means where the provider says nothing more telling. */
final class HttpVerdicts {
  private HttpVerdicts() {}

  /**
   * Returns the result of an attempt that was answered with a status other than success.
   *
   * <p>A 5xx may come after the message was taken, unless it says when to come back (RFC 9110,
   * 15.6.4). A redirect is not followed, and what is not found is not the provider.
   */
  static DeliveryResult of(HttpReply reply, String reason) {
    int status = reply.status();
    @Nullable Duration wait = reply.retryAfter().orElse(null);
    if (status == 429 || status == 408 || status == 425) {
      return DeliveryResult.transientFailure(reason, wait);
    }
    if (isConfigurationFault(status)) {
      return DeliveryResult.configurationFault(reason);
    }
    if (status >= 400 && status < 500) {
      return DeliveryResult.permanentFailure(reason);
    }
    return wait == null || wait.isZero()
        ? DeliveryResult.ambiguous(reason)
        : DeliveryResult.transientFailure(reason, wait);
  }

  /** Tells whether a status says that the address of the API or the credentials are wrong. */
  static boolean isConfigurationFault(int status) {
    return switch (status) {
      case 401, 403, 404, 405, 407, 415 -> true;
      default -> status >= 300 && status < 400;
    };
  }
}
