package dev.notifier.channel.sms;

import static dev.notifier.channel.sms.FailureClass.CONFIGURATION;
import static dev.notifier.channel.sms.FailureClass.PERMANENT;
import static dev.notifier.channel.sms.FailureClass.SUPPRESS;
import static dev.notifier.channel.sms.FailureClass.TRANSIENT;

import java.util.Map;
import java.util.Set;

/**
 * What the status of a part, and the error code of a delivery receipt, mean at Vonage.
 *
 * @see <a href="https://developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms">Vonage,
 *     troubleshooting SMS</a>
 * @see <a href="https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts">Vonage,
 *     delivery receipts</a>
 */
final class VonageStatuses {
  static final String ACCEPTED = "0";

  private static final Map<String, FailureClass> CLASSES =
      Map.ofEntries(
          Map.entry("1", TRANSIENT), // throttled
          Map.entry("2", PERMANENT), // missing parameters
          Map.entry("3", PERMANENT), // invalid parameters
          Map.entry("4", CONFIGURATION), // invalid credentials
          Map.entry("5", TRANSIENT), // internal error
          Map.entry("6", PERMANENT), // invalid message
          Map.entry("7", PERMANENT), // number barred
          Map.entry("8", CONFIGURATION), // account suspended
          Map.entry("9", CONFIGURATION), // no credit
          Map.entry("10", TRANSIENT), // too many binds
          Map.entry("11", CONFIGURATION), // account not enabled for HTTP
          Map.entry("12", PERMANENT), // message too long
          Map.entry("14", CONFIGURATION), // invalid signature
          Map.entry("15", CONFIGURATION), // invalid sender address
          Map.entry("22", PERMANENT), // invalid network code
          Map.entry("23", PERMANENT), // invalid callback URL
          Map.entry("29", CONFIGURATION), // destination not allowed in demo mode
          Map.entry("32", CONFIGURATION), // signature and API secret together
          Map.entry("33", SUPPRESS)); // number de-activated

  /** Absent for good, barred by the user, asked not to receive, no consent. */
  private static final Set<String> SUPPRESSING_RECEIPT_CODES = Set.of("3", "4", "9", "53");

  private VonageStatuses() {}

  /** Returns the class of a failure; an unknown one is taken for the message's own. */
  static FailureClass classOf(String status) {
    return CLASSES.getOrDefault(status, PERMANENT);
  }

  static boolean suppresses(String receiptCode) {
    return SUPPRESSING_RECEIPT_CODES.contains(receiptCode);
  }
}
