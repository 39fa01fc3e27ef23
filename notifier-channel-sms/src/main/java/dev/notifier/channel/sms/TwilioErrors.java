package dev.notifier.channel.sms;

import static dev.notifier.channel.sms.FailureClass.AMBIGUOUS;
import static dev.notifier.channel.sms.FailureClass.CONFIGURATION;
import static dev.notifier.channel.sms.FailureClass.NEXT_DAY;
import static dev.notifier.channel.sms.FailureClass.PERMANENT;
import static dev.notifier.channel.sms.FailureClass.SUPPRESS;
import static dev.notifier.channel.sms.FailureClass.TRANSIENT;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What Twilio's error codes mean for a message. A code that is not here is judged by its HTTP
 * status: Twilio splits codes into finer ones from time to time.
 *
 * @see <a href="https://www.twilio.com/docs/api/errors">Twilio, error and warning dictionary</a>
 */
final class TwilioErrors {
  private static final Map<Integer, FailureClass> CLASSES = classes();

  private TwilioErrors() {}

  private static Map<Integer, FailureClass> classes() {
    Map<Integer, FailureClass> all = new HashMap<>();
    // Opted out with STOP, unknown handset, landline, not a mobile number, blocked the sender.
    add(all, SUPPRESS, 21610, 30005, 30006, 21614, 63033);
    // Recipient: not valid, not reachable from this sender, blocked, not on the medium.
    add(all, PERMANENT, 21211, 21214, 21217, 21421, 21612, 30004, 63003, 63024);
    // Message: empty, too long, bad media, filtered, against a policy.
    add(all, PERMANENT, 21602, 21605, 21617, 21618, 21619, 21620, 21623);
    add(all, PERMANENT, 30007, 30019, 63005, 63013, 63016);
    // Account: credentials, permissions, sender, region, trial, registration.
    add(all, CONFIGURATION, 20003, 20005, 20403, 20404, 21212, 21408, 21603, 21606, 21608, 21609);
    add(all, CONFIGURATION, 30002, 30024, 30032, 30034, 63007);
    for (int messagingService = 21701; messagingService <= 21712; messagingService++) {
      add(all, CONFIGURATION, messagingService);
    }
    // Rate, full queues, carriers out of order.
    add(all, TRANSIENT, 20429, 21611, 30001, 30003, 30008, 30017, 30020, 30021, 30022);
    add(all, TRANSIENT, 63009, 63010, 63012, 63017, 63018);
    add(all, NEXT_DAY, 30023, 30027, 63038);
    // Twilio failed, and may have failed after it had taken the message.
    add(all, AMBIGUOUS, 20500, 20503);
    return all;
  }

  private static void add(Map<Integer, FailureClass> all, FailureClass meaning, int... codes) {
    for (int code : codes) {
      all.put(code, meaning);
    }
  }

  static Optional<FailureClass> classOf(int code) {
    return Optional.ofNullable(CLASSES.get(code));
  }

  /** Tells whether a message that failed with this code shows that its recipient is gone. */
  static boolean suppresses(int code) {
    return CLASSES.get(code) == SUPPRESS;
  }
}
