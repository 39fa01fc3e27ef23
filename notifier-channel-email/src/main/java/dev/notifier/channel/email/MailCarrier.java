package dev.notifier.channel.email;

import dev.notifier.ChannelPolicy;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.channel.email.SmtpServer.Outcome;

/** Takes composed messages to a mail server. Thread-safe. */
interface MailCarrier extends AutoCloseable {
  /**
   * Checks that it can carry a message with everything in it.
   *
   * @throws InvalidNotificationException if it cannot
   */
  void check(EmailMessage message);

  /** Tries to send a message. */
  Outcome send(SmtpMail mail);

  /** Returns what the lane should keep to. */
  ChannelPolicy policy(ChannelPolicy defaults);

  /** Connects and logs in, and sends nothing. */
  Verification verify();

  @Override
  void close();

  /** Returns where messages go, never the credentials. */
  @Override
  String toString();
}
