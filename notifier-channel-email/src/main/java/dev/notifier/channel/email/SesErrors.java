package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import dev.notifier.http.HttpReply;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * What the errors of Amazon SES mean.
 *
 * @see <a href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html">AWS,
 *     SendEmail</a>
 * @see <a href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/CommonErrors.html">AWS,
 *     common errors</a>
 */
final class SesErrors {
  /** Amazon throttles under many names, and with 400 as often as with 429. */
  private static final Set<String> THROTTLING =
      Set.of(
          "TooManyRequestsException",
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "RequestLimitExceeded",
          "BandwidthLimitExceeded",
          "LimitExceededException",
          "PriorRequestNotComplete",
          "ProvisionedThroughputExceededException",
          "SlowDown");

  /** The request did not arrive whole. */
  private static final Set<String> NOT_HEARD = Set.of("RequestTimeout", "RequestTimeoutException");

  private static final Set<String> CONFIGURATION =
      Set.of(
          "AccountSuspendedException",
          "SendingPausedException",
          "MailFromDomainNotVerifiedException",
          "NotFoundException",
          "AccessDenied",
          "AccessDeniedException",
          "ExpiredToken",
          "ExpiredTokenException",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "NotAuthorized",
          "OptInRequired",
          "RequestExpired",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");

  /** "Wait up to 10 minutes", says the guide of a sending quota that is used up. */
  private static final Duration QUOTA_WAIT = Duration.ofMinutes(10);

  private SesErrors() {}

  /**
   * Returns the result of an attempt that SES refused.
   *
   * @param name the error's name, empty if there was none
   * @param words what SES said, with addresses
   * @param senderDomain the domain of the sender, by which its own fault is told from a recipient's
   */
  static DeliveryResult judge(
      HttpReply reply, String name, String words, String senderDomain, String reason) {
    if (THROTTLING.contains(name)) {
      return DeliveryResult.transientFailure(
          reason, reply.retryAfter().orElse(isQuota(name, words) ? QUOTA_WAIT : null));
    }
    if (NOT_HEARD.contains(name)) {
      return DeliveryResult.transientFailure(reason);
    }
    if (CONFIGURATION.contains(name) || isUnverifiedSender(name, words, senderDomain)) {
      return DeliveryResult.configurationFault(reason);
    }
    return HttpVerdicts.of(reply, reason);
  }

  private static boolean isQuota(String name, String words) {
    return name.equals("LimitExceededException")
        || words.toLowerCase(Locale.ROOT).contains("daily message quota");
  }

  /** In the sandbox recipients must be verified as well; then only this recipient will not do. */
  private static boolean isUnverifiedSender(String name, String words, String senderDomain) {
    return name.equals("MessageRejected")
        && words.contains("not verified")
        && words.toLowerCase(Locale.ROOT).contains(senderDomain.toLowerCase(Locale.ROOT));
  }

  /** Returns whether an error is about the credentials, the clock or the settings. */
  static boolean isConfigurationFault(String name) {
    return CONFIGURATION.contains(name);
  }
}
