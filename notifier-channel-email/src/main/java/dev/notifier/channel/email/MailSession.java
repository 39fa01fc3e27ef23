package dev.notifier.channel.email;

import jakarta.mail.Authenticator;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Provider;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.Properties;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** A copy of the application's session, with everything that must not be left open. Thread-safe. */
final class MailSession {
  private static final String CONNECT_TIMEOUT_MILLIS = "10000";

  /** RFC 5321, 4.5.3.2: for all answers; there is no property for the last one alone. */
  private static final String READ_TIMEOUT_MILLIS = "300000";

  private static final String WRITE_TIMEOUT_MILLIS = "60000";

  private final Session session;
  private final Provider provider;
  private final String prefix;

  /**
   * Copies a session.
   *
   * @param bounceTo the envelope's sender, null for what the session or the message says
   * @param security what may be done without: {@code STARTTLS} for nothing
   * @param timer ends writes whose time is up
   * @throws NoSuchProviderException if nothing here speaks the session's protocol
   */
  MailSession(
      Session original,
      @Nullable EnvelopeAddress bounceTo,
      SmtpSecurity security,
      ScheduledExecutorService timer)
      throws NoSuchProviderException {
    String protocol = original.getTransport().getURLName().getProtocol();
    this.provider = original.getProvider(protocol);
    this.prefix = "mail." + protocol + '.';
    Properties properties = copyOf(original.getProperties());
    setUnlessFinite(properties, prefix + "connectiontimeout", CONNECT_TIMEOUT_MILLIS);
    setUnlessFinite(properties, prefix + "timeout", READ_TIMEOUT_MILLIS);
    setUnlessFinite(properties, prefix + "writetimeout", WRITE_TIMEOUT_MILLIS);
    properties.putIfAbsent(prefix + "executor.writetimeout", timer);
    properties.putIfAbsent(prefix + "ssl.protocols", "TLSv1.3 TLSv1.2");
    properties.putIfAbsent(prefix + "ssl.checkserveridentity", "true");
    properties.setProperty(prefix + "quitwait", "false");
    properties.setProperty(prefix + "sendpartial", "true"); // as SMTP does with copies
    if (bounceTo != null) {
      properties.setProperty(prefix + "from", bounceTo.text());
    }
    this.session = Session.getInstance(properties, new Asking(original));
    if (security == SmtpSecurity.STARTTLS && says("starttls.enable")) {
      properties.setProperty(prefix + "starttls.required", "true");
    }
  }

  /** With what the properties fall back on, and with values that are no strings. */
  private static Properties copyOf(Properties original) {
    Properties copy = new Properties();
    for (String name : original.stringPropertyNames()) {
      copy.setProperty(name, original.getProperty(name));
    }
    copy.putAll(original);
    return copy;
  }

  private static void setUnlessFinite(Properties properties, String name, String millis) {
    Object value = properties.get(name);
    if (value == null || !value.toString().strip().matches("0*[1-9][0-9]{0,8}")) {
      properties.setProperty(name, millis);
    }
  }

  /** A session does not show its authenticator, but asks it for others. */
  private static final class Asking extends Authenticator {
    private final Session original;

    Asking(Session original) {
      this.original = original;
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      return original.requestPasswordAuthentication(
          getRequestingSite(),
          getRequestingPort(),
          getRequestingProtocol(),
          getRequestingPrompt(),
          getDefaultUserName());
    }
  }

  Session session() {
    return session;
  }

  /** Returns a transport that is not connected. */
  Transport newTransport() throws NoSuchProviderException {
    return session.getTransport(provider);
  }

  /** Tells whether it would go on with a server that does not offer encryption. */
  boolean mayBePlaintext() {
    return !says("ssl.enable")
        && !says("starttls.required")
        && !provider.getProtocol().equals("smtps");
  }

  /** Tells whether it logs in; without this property no password is asked for. */
  boolean logsIn() {
    return says("auth");
  }

  /** As jakarta.mail reads it, a value may be a Boolean instead of text. */
  private boolean says(String name) {
    return Boolean.parseBoolean(String.valueOf(session.getProperties().get(prefix + name)));
  }

  /** Returns the server, for messages. */
  @Override
  public String toString() {
    String host = session.getProperty(prefix + "host");
    String port = session.getProperty(prefix + "port");
    String name = host != null ? host : session.getProperty("mail.host");
    return "session of "
        + provider.getProtocol()
        + " at "
        + (name == null ? "localhost" : name)
        + (port == null ? "" : ":" + port);
  }
}
