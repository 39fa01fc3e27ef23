package dev.notifier.channel.email;

import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Collects the configuration of a channel that sends by SMTP. Only {@link #from} has no default.
 *
 * <p>Hand it to {@link dev.notifier.NotifierBuilder#channel(ChannelFactory)} as it is. Not
 * thread-safe; the channels that it makes are.
 */
public final class SmtpChannelBuilder extends MimeChannelBuilder<SmtpChannelBuilder> {
  /** RFC 5321, 4.5.3.2.6: less makes duplicates, because the server may have the message. */
  private static final Duration ACCEPTANCE_TIMEOUT = Duration.ofMinutes(10);

  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final int MOST_CONNECTIONS = 1000;

  final List<HostAndPort> servers = new ArrayList<>();
  @Nullable SmtpCredentials credentials;
  @Nullable SmtpSecurity security;
  @Nullable SSLContext sslContext;
  @Nullable String localHost;
  Duration connectTimeout = Duration.ofSeconds(10);
  Duration readTimeout = Duration.ofMinutes(1);
  Duration writeTimeout = Duration.ofMinutes(1);
  Duration acceptanceTimeout = ACCEPTANCE_TIMEOUT;
  int connections;
  int messagesPerConnection = 100;
  Duration connectionAge = Duration.ofMinutes(5);
  Duration idleTimeout = Duration.ofSeconds(30);
  Duration checkAfterIdle = Duration.ofSeconds(5);
  Duration retryServerAfter = Duration.ofSeconds(30);

  SmtpChannelBuilder(String host, int port) {
    servers.add(new HostAndPort(host, port));
  }

  /** A line break in it would be a command of its own. */
  private static String checkWord(String what, String value) {
    if (!value.matches("[\\x21-\\x7e]{1,255}")) {
      throw new IllegalArgumentException(
          what
              + " must be 1 to 255 ASCII characters without white space, but was "
              + HeaderText.quoted(value));
    }
    return value;
  }

  // --- Logging in -------------------------------------------------------------------------------

  /**
   * Sets what the channel logs in with, by {@code AUTH PLAIN} or {@code LOGIN}. None by default.
   * With credentials a server that offers no {@code AUTH} is a configuration fault.
   *
   * @throws IllegalStateException after {@link #plaintext()} or {@link #oauth2}
   */
  public SmtpChannelBuilder credentials(String user, String password) {
    return credentials(new SmtpCredentials.Password(user, password));
  }

  /**
   * Logs in with OAuth 2.0 access tokens, by {@code AUTH XOAUTH2}. A token that the server refuses
   * is asked for once more, by {@link AccessTokens#refreshed}.
   *
   * @param user the mailbox that the token is for
   * @throws IllegalStateException after {@link #plaintext()} or {@link #credentials}
   */
  public SmtpChannelBuilder oauth2(String user, AccessTokens tokens) {
    return credentials(new SmtpCredentials.Token(user, tokens));
  }

  private SmtpChannelBuilder credentials(SmtpCredentials wanted) {
    if (credentials != null && credentials.getClass() != wanted.getClass()) {
      throw new IllegalStateException(
          "the channel logs in by credentials or by oauth2, but not by both");
    }
    this.credentials = wanted;
    checkPasswordIsProtected();
    return this;
  }

  /**
   * Sets the name that the channel gives itself in {@code EHLO}. Defaults to the literal of its own
   * address, which costs no name look-up; some servers on port 25 want a name they can look up.
   *
   * @throws IllegalArgumentException if it is not one word
   */
  public SmtpChannelBuilder localHost(String name) {
    this.localHost = checkWord("localHost", name);
    return this;
  }

  // --- Which servers ----------------------------------------------------------------------------

  /**
   * Adds a server to turn to when those before it fail: when they cannot be reached, refuse the
   * login or all service (421), or have no room. Security, credentials and time-outs are the same
   * for all. A server that fails is passed over for {@link #retryServerAfter}. None by default.
   *
   * <p>A message that one server may have taken, or that it refuses for what is in it, goes to no
   * other.
   *
   * @throws IllegalArgumentException if the host is not one word, the port not from 1 to 65535, or
   *     the server there already
   */
  public SmtpChannelBuilder failover(String host, int port) {
    HostAndPort server = new HostAndPort(host, port);
    if (servers.contains(server)) {
      throw new IllegalArgumentException("server " + server + " was already added");
    }
    servers.add(server);
    return this;
  }

  /**
   * Sets for how long a server that failed is passed over while another one works. Then one message
   * tries it again. Defaults to 30 seconds.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder retryServerAfter(Duration time) {
    this.retryServerAfter = checkTimeout("retryServerAfter", time);
    return this;
  }

  // --- Connections ------------------------------------------------------------------------------

  /**
   * Sets how many connections to one server may be open at a time, for a server that counts them.
   * It is also the concurrency of the channel's lane unless a policy says otherwise; a lane with
   * more waits for a connection no longer than the {@link #connectTimeout}. By default there are as
   * many as the lane has workers, which is 8.
   *
   * @throws IllegalArgumentException if it is not from 1 to 1000
   */
  public SmtpChannelBuilder connections(int most) {
    if (most < 1 || most > MOST_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections must be from 1 to " + MOST_CONNECTIONS + ", but was " + most);
    }
    this.connections = most;
    return this;
  }

  /**
   * Sets how many messages go over one connection before it is closed. Defaults to 100; 1 keeps no
   * connection.
   *
   * @throws IllegalArgumentException if it is not above 0
   */
  public SmtpChannelBuilder messagesPerConnection(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("messagesPerConnection must be above 0, but was " + most);
    }
    this.messagesPerConnection = most;
    return this;
  }

  /**
   * Sets after what time a connection is used for no other message. Defaults to 5 minutes.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder connectionAge(Duration most) {
    this.connectionAge = checkTimeout("connectionAge", most);
    return this;
  }

  /**
   * Sets for how long a connection that nobody needs is kept. Defaults to 30 seconds, which is less
   * than servers wait.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder idleTimeout(Duration most) {
    this.idleTimeout = checkTimeout("idleTimeout", most);
    return this;
  }

  /**
   * Sets after what idle time a connection is asked by {@code NOOP} whether it still works before a
   * message is trusted to it. Defaults to 5 seconds.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder checkAfterIdle(Duration time) {
    this.checkAfterIdle = checkTimeout("checkAfterIdle", time);
    return this;
  }

  // --- Security ---------------------------------------------------------------------------------

  /**
   * Speaks TLS from the first byte, as servers on port 465 do. The default is STARTTLS, required: a
   * server that does not offer it gets neither the credentials nor the message.
   *
   * @throws IllegalStateException if the security was set to something else
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8314#section-3.3">RFC 8314, 3.3</a>
   */
  public SmtpChannelBuilder implicitTls() {
    return security(SmtpSecurity.TLS);
  }

  /**
   * Speaks without any protection, for a server on the same machine or in a test.
   *
   * @throws IllegalStateException if the security was set to something else, or after {@link
   *     #credentials}
   */
  public SmtpChannelBuilder plaintext() {
    return security(SmtpSecurity.PLAINTEXT);
  }

  /**
   * Speaks without any protection and sends even the password for all on the way to read.
   *
   * @throws IllegalStateException if the security was set to something else
   */
  public SmtpChannelBuilder plaintextWithCredentials() {
    return security(SmtpSecurity.PLAINTEXT_WITH_CREDENTIALS);
  }

  SmtpChannelBuilder security(SmtpSecurity wanted) {
    if (security != null && security != wanted) {
      throw new IllegalStateException("security was already set to " + security);
    }
    this.security = wanted;
    checkPasswordIsProtected();
    return this;
  }

  private void checkPasswordIsProtected() {
    if (security == SmtpSecurity.PLAINTEXT && credentials != null) {
      throw new IllegalStateException(
          "plaintext would send the password for all to read: use STARTTLS or implicitTls(), or"
              + " insist with plaintextWithCredentials()");
    }
  }

  /**
   * Sets whose certificates are trusted, and the client's own. Defaults to the JVM's. Only TLS 1.2
   * and 1.3 are spoken, and the certificate must carry the host's name, whatever is set here.
   *
   * @throws IllegalStateException after {@link #trustStore(Path)}
   */
  public SmtpChannelBuilder sslContext(SSLContext context) {
    if (sslContext != null) {
      throw new IllegalStateException(
          "whose certificates are trusted was already set: call sslContext or trustStore, once");
    }
    this.sslContext = Objects.requireNonNull(context, "context");
    return this;
  }

  /**
   * Trusts the certificates in a file, and no others: PEM, or PKCS #12 or JKS without a password.
   * It is read now.
   *
   * @throws IllegalArgumentException if it cannot be read, or holds no certificate
   * @throws IllegalStateException if it was already set whom to trust
   */
  public SmtpChannelBuilder trustStore(Path file) {
    return sslContext(TrustStore.read(file, null));
  }

  /**
   * Trusts the certificates in a PKCS #12 or JKS file, and no others. It is read now.
   *
   * @throws IllegalArgumentException if it cannot be read, or holds no certificate
   * @throws IllegalStateException if it was already set whom to trust
   */
  public SmtpChannelBuilder trustStore(Path file, String password) {
    return sslContext(TrustStore.read(file, Objects.requireNonNull(password, "password")));
  }

  // --- Time-outs --------------------------------------------------------------------------------

  /**
   * Sets how long to wait for a connection to each of the host's addresses. Defaults to 10 seconds.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = checkTimeout("connectTimeout", timeout);
    return this;
  }

  /**
   * Sets how long to wait for the server's answer to a command, but for the last one. Defaults to 1
   * minute. RFC 5321 suggests 5, for relays; a message that is given up here was not sent and is
   * tried again.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder readTimeout(Duration timeout) {
    this.readTimeout = checkTimeout("readTimeout", timeout);
    return this;
  }

  /**
   * Sets how long the server may take no byte of what is written. Defaults to 1 minute.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   */
  public SmtpChannelBuilder writeTimeout(Duration timeout) {
    this.writeTimeout = checkTimeout("writeTimeout", timeout);
    return this;
  }

  /**
   * Sets how long to wait for the answer to the whole message. Defaults to 10 minutes, as RFC 5321
   * demands: when this time is up the server may have the message, so that trying again may send it
   * twice. Set it well above what the server's spam and virus checks take.
   *
   * @throws IllegalArgumentException if it is not from 1 millisecond to 1 hour
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.6">RFC 5321, 4.5.3.2.6</a>
   */
  public SmtpChannelBuilder acceptanceTimeout(Duration timeout) {
    this.acceptanceTimeout = checkTimeout("acceptanceTimeout", timeout);
    return this;
  }

  private static Duration checkTimeout(String what, Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          what + " must be from 1 ms to " + LONGEST_TIMEOUT + ", but was " + timeout);
    }
    return timeout;
  }

  // --- Making it --------------------------------------------------------------------------------

  @Override
  SmtpChannelBuilder self() {
    return this;
  }

  /**
   * Makes the channel. It connects when it first sends, not now.
   *
   * @throws ConfigurationException if {@link #from} was not called
   */
  @Override
  public Channel create() {
    return new SmtpChannel(new SmtpSettings(this));
  }

  /** Returns the id and the servers, never the credentials. */
  @Override
  public String toString() {
    return "SmtpChannelBuilder[" + id + " by " + servers + "]";
  }
}
