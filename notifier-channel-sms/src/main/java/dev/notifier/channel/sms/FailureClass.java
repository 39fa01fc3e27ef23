package dev.notifier.channel.sms;

import dev.notifier.DeliveryResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What kind of failure a provider's code stands for. */
enum FailureClass {
  /** The number is dead or has opted out: nothing more may be sent to it. */
  SUPPRESS,
  /** This recipient or this message will not do; another may. */
  PERMANENT,
  /** The account is set up wrongly, or out of money: no message will do. */
  CONFIGURATION,
  /** Not accepted now; may be later. */
  TRANSIENT,
  /** The daily allowance is used up. */
  NEXT_DAY,
  /** The provider failed while it had the message in hand. */
  AMBIGUOUS;

  /**
   * Returns the result of an attempt that failed so.
   *
   * @param wait how long the provider asks to wait, if it does
   */
  DeliveryResult result(String reason, @Nullable Duration wait) {
    return switch (this) {
      case SUPPRESS -> DeliveryResult.suppressRecipient(reason);
      case PERMANENT -> DeliveryResult.permanentFailure(reason);
      case CONFIGURATION -> DeliveryResult.configurationFault(reason);
      case TRANSIENT, NEXT_DAY -> DeliveryResult.transientFailure(reason, wait);
      // Who says when to come back says that the message was not taken: RFC 9110, 15.6.4.
      case AMBIGUOUS ->
          wait == null || wait.isZero()
              ? DeliveryResult.ambiguous(reason)
              : DeliveryResult.transientFailure(reason, wait);
    };
  }

  /**
   * Returns what an HTTP status stands for when there is no code of the provider's own.
   *
   * <p>A 5xx may come after the message was accepted. A redirect is not followed, and a success in
   * unknown words may be anybody's.
   */
  static FailureClass ofHttpStatus(int status) {
    return switch (status) {
      case 401, 403, 404, 405, 407 -> CONFIGURATION;
      case 408, 425, 429 -> TRANSIENT;
      default -> {
        if (status >= 300 && status < 400) {
          yield CONFIGURATION;
        }
        yield status >= 400 && status < 500 ? PERMANENT : AMBIGUOUS;
      }
    };
  }
}
