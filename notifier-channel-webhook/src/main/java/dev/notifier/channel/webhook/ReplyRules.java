package dev.notifier.channel.webhook;

import dev.notifier.DeliveryResult;
import dev.notifier.http.HttpReply;
import dev.notifier.http.Redaction;
import java.time.Duration;
import okhttp3.HttpUrl;

/**
 * Decides what an endpoint's reply means. Only 2xx is success, whatever the body says.
 *
 * @see <a
 *     href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#delivery-success-and-failure">Standard
 *     Webhooks, delivery success and failure</a>
 */
final class ReplyRules {
  private static final int GONE = 410;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int EXCERPT = 200;

  private ReplyRules() {}

  /** Returns the result of the attempt that was answered like this. */
  static DeliveryResult judge(HttpReply reply, HttpUrl url, Redaction redaction) {
    if (reply.isSuccessful()) {
      return DeliveryResult.accepted();
    }
    String reason = "HTTP " + reply.status() + " from " + Redaction.url(url);
    if (isRedirect(reply.status())) {
      return DeliveryResult.permanentFailure(reason + ", " + redirection(reply, url));
    }
    String excerpt = reply.excerpt(redaction, EXCERPT);
    String full = excerpt.isEmpty() ? reason : reason + ": " + excerpt;
    if (reply.status() == GONE) {
      return DeliveryResult.suppressRecipient(full);
    }
    return isForNow(reply.status())
        ? DeliveryResult.transientFailure(full, reply.retryAfter().orElse((Duration) null))
        : DeliveryResult.permanentFailure(full);
  }

  private static boolean isRedirect(int status) {
    return status >= 300 && status <= 399;
  }

  private static boolean isForNow(int status) {
    return status >= 500
        || status == REQUEST_TIMEOUT
        || status == TOO_EARLY
        || status == TOO_MANY_REQUESTS;
  }

  /** The same URL would only be redirected again: its owner must correct it. */
  private static String redirection(HttpReply reply, HttpUrl url) {
    return "a redirect"
        + reply
            .header("Location")
            .map(url::resolve)
            .map(target -> " to " + Redaction.url(target))
            .orElse("")
        + ", which is never followed: correct the endpoint's URL";
  }
}
