package dev.notifier.channel.email;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import jakarta.mail.Session;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Collects the configuration of a channel that sends through a session of jakarta.mail. Server,
 * login and encryption are what the session says. Only {@link #from} has no default.
 *
 * <p>The session must encrypt: by {@code mail.smtp.ssl.enable}, {@code mail.smtp.starttls.required}
 * or {@code mail.smtp.starttls.enable}, which then is required too; the protocol {@code smtps} does
 * in any case. One that does not is refused unless {@link #plaintext()} asks for it.
 *
 * <p>Where the session sets no time-out for its protocol, there is one: 10 seconds to connect
 * ({@code mail.smtp.connectiontimeout}), 5 minutes for every answer ({@code mail.smtp.timeout}), 1
 * minute for every write ({@code mail.smtp.writetimeout}). One that is infinite counts as none.
 *
 * <p>Connections are kept as by {@link EmailChannel#smtp}: one for each worker of the lane at most,
 * for 100 messages, 5 minutes, or 30 seconds without work.
 *
 * <p>Hand it to {@link dev.notifier.NotifierBuilder#channel(ChannelFactory)} as it is. Not
 * thread-safe; the channels that it makes are.
 */
public final class SessionChannelBuilder extends MimeChannelBuilder<SessionChannelBuilder> {
  private final Session session;
  private SmtpSecurity security = SmtpSecurity.STARTTLS;

  SessionChannelBuilder(Session session) {
    this.session = Objects.requireNonNull(session, "session");
  }

  @Override
  SessionChannelBuilder self() {
    return this;
  }

  /**
   * Lets the session speak without any protection, for a server on the same machine or in a test. A
   * session that logs in is refused all the same.
   *
   * @throws IllegalStateException after {@link #plaintextWithCredentials()}
   */
  public SessionChannelBuilder plaintext() {
    return security(SmtpSecurity.PLAINTEXT);
  }

  /**
   * Lets the session speak without any protection, and send even the password for all on the way to
   * read.
   *
   * @throws IllegalStateException after {@link #plaintext()}
   */
  public SessionChannelBuilder plaintextWithCredentials() {
    return security(SmtpSecurity.PLAINTEXT_WITH_CREDENTIALS);
  }

  private SessionChannelBuilder security(SmtpSecurity wanted) {
    if (security != SmtpSecurity.STARTTLS && security != wanted) {
      throw new IllegalStateException("security was already set to " + security);
    }
    this.security = wanted;
    return this;
  }

  /**
   * Makes the channel, with the session's properties as they are now. It connects when it first
   * sends, not now.
   *
   * @throws ConfigurationException if {@link #from} was not called, there is no implementation of
   *     the session's protocol, or the session would do without encryption and nobody asked for
   *     that by {@link #plaintext()}
   */
  @Override
  public Channel create() {
    MessageSettings settings = message();
    return new SmtpChannel(
        settings,
        InstantSource.system(),
        new SessionTransport(settings, session, security, System::nanoTime));
  }

  /** Returns the id, never the session. */
  @Override
  public String toString() {
    return "SessionChannelBuilder[" + id + "]";
  }
}
