package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Verification;
import dev.notifier.channel.email.SmtpPool.Lease;
import dev.notifier.channel.email.SmtpServer.Outcome;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to the transport of the application's own session. Thread-safe.
 *
 * <p>What the session's implementation does not let us do: an interrupt ends nothing, only the
 * session's time-outs do; and its monitors pin virtual threads before JDK 24.
 */
final class SessionTransport implements MailCarrier {
  private static final Logger log = LoggerFactory.getLogger(SessionTransport.class);

  private static final SmtpPooling POOLING =
      new SmtpPooling(
          /* connections= */ 0,
          /* messages= */ 100,
          /* age= */ Duration.ofMinutes(5),
          /* idleTimeout= */ Duration.ofSeconds(30),
          /* checkAfterIdle= */ Duration.ofSeconds(5),
          /* retryServerAfter= */ Duration.ZERO);

  private final MailSession session;
  private final SmtpWatch watch;
  private final SmtpPool<SessionConnection> pool;

  /**
   * Creates it.
   *
   * @param security what may be done without: {@code STARTTLS} for nothing
   * @throws ConfigurationException if nothing here speaks the session's protocol, or it would send
   *     in plain text what it may not
   */
  SessionTransport(
      MessageSettings settings, Session original, SmtpSecurity security, LongSupplier nanos) {
    this.watch =
        new SmtpWatch("notifier-" + settings.channel() + "-timeouts", POOLING.checkAfterIdle());
    this.pool = new SmtpPool<>(POOLING, watch, nanos);
    try {
      this.session = new MailSession(original, settings.bounceTo(), security, watch.timer());
    } catch (NoSuchProviderException e) {
      throw new ConfigurationException(
          "channel '"
              + settings.channel()
              + "' cannot use its session: "
              + e.getMessage()
              + ": add an implementation of jakarta.mail such as angus-mail, or mend"
              + " mail.transport.protocol",
          e);
    }
    if (session.mayBePlaintext()) {
      checkPlaintext(settings.channel(), security);
    }
  }

  private void checkPlaintext(ChannelId channel, SmtpSecurity security) {
    boolean passwordToo = session.logsIn() && security != SmtpSecurity.PLAINTEXT_WITH_CREDENTIALS;
    if (passwordToo || security == SmtpSecurity.STARTTLS) {
      throw new ConfigurationException(
          "channel '"
              + channel
              + "' would send "
              + (passwordToo ? "the password " : "")
              + "by a "
              + session
              + " for all to read: set starttls.required or ssl.enable of its protocol to true, or "
              + (passwordToo
                  ? "insist by plaintextWithCredentials()"
                  : "ask for it by plaintext()"));
    }
    log.warn("channel '{}' sends by a {} without encryption, as it was told", channel, session);
  }

  /** The interface of sessions does not say whether a server offers SMTPUTF8. */
  @Override
  public void check(EmailMessage message) {
    if (message.needsUtf8()) {
      throw new InvalidNotificationException(
          "a session of jakarta.mail takes only ASCII before the @ of an address: send this one by"
              + " EmailChannel.smtp");
    }
  }

  @Override
  public Outcome send(SmtpMail mail) {
    Lease<SessionConnection> kept = pool.take();
    if (kept != null) {
      Outcome outcome = sendOver(kept, mail);
      if (!outcome.connectionFault()) {
        return outcome;
      }
      log.debug("a kept connection of a {} failed: {}", session, outcome.words());
    }
    try {
      return sendOver(pool.opened(new SessionConnection(session)), mail);
    } catch (MessagingException e) {
      return SessionFailure.ofConnecting(e).connectOutcome();
    }
  }

  private Outcome sendOver(Lease<SessionConnection> lease, SmtpMail mail) {
    try {
      Map<Integer, SmtpReply> refused = lease.connection().send(mail);
      return new Outcome(
          DeliveryResult.accepted(mail.messageId()), "accepted", refused, false, false);
    } catch (SessionException e) {
      return e.failure().outcome(mail);
    } finally {
      pool.giveBack(lease);
    }
  }

  @Override
  public ChannelPolicy policy(ChannelPolicy defaults) {
    return defaults;
  }

  @Override
  public Verification verify() {
    try {
      new SessionConnection(session).close();
      return Verification.works("the " + session + " connects and logs in as it was told");
    } catch (MessagingException e) {
      DeliveryResult result = SessionFailure.ofConnecting(e).connectResult();
      String detail = "the " + session + ": " + result.reason();
      return result instanceof Permanent
          ? Verification.refused(detail)
          : Verification.unreachable(detail);
    }
  }

  @Override
  public void close() {
    pool.end();
    watch.close();
  }

  @Override
  public String toString() {
    return session.toString();
  }
}
