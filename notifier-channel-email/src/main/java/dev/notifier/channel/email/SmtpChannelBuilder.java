package dev.notifier.channel.email;

import dev.notifier.ChannelId;
import dev.notifier.ConfigurationException;
import dev.notifier.spi.Channel;
import dev.notifier.spi.ChannelFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
public final class SmtpChannelBuilder implements ChannelFactory {
  /** RFC 5321, 4.5.3.2.6: less makes duplicates, because the server may have the message. */
  private static final Duration ACCEPTANCE_TIMEOUT = Duration.ofMinutes(10);

  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

  final String host;
  final int port;
  ChannelId id = ChannelId.of("email");
  @Nullable Mailbox from;
  @Nullable Mailbox replyTo;
  @Nullable EnvelopeAddress bounceTo;
  Charset charset = StandardCharsets.UTF_8;
  final List<DkimSigner> signers = new ArrayList<>();
  @Nullable SmtpCredentials credentials;
  @Nullable SmtpSecurity security;
  @Nullable SSLContext sslContext;
  @Nullable String localHost;
  Duration connectTimeout = Duration.ofSeconds(10);
  Duration readTimeout = Duration.ofMinutes(1);
  Duration writeTimeout = Duration.ofMinutes(1);
  Duration acceptanceTimeout = ACCEPTANCE_TIMEOUT;

  SmtpChannelBuilder(String host, int port) {
    this.host = checkHost(host);
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 1 to 65535, but was " + port);
    }
    this.port = port;
  }

  private static String checkHost(String host) {
    if (!host.matches("[A-Za-z0-9._:-]{1,255}")) {
      throw new IllegalArgumentException(
          "host must be a host name or an address, without scheme, user or port, but was "
              + HeaderText.quoted(host.replaceAll(".*@", "…@")));
    }
    return host;
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

  // --- Who sends --------------------------------------------------------------------------------

  /**
   * Sets the id by which notifications name the channel. Defaults to {@code email}.
   *
   * @throws dev.notifier.InvalidNotificationException if it is no channel id
   */
  public SmtpChannelBuilder id(String id) {
    this.id = ChannelId.of(id);
    return this;
  }

  /**
   * Sets whom the messages are from: an address, or a name and an address such as {@code Shop
   * <no-reply@example.com>}. The address is also the envelope's, so that bounces go there.
   *
   * @throws IllegalArgumentException if it is not an address with an ASCII part before the
   *     {@code @}, or holds a line break or another control character
   */
  public SmtpChannelBuilder from(String mailbox) {
    this.from = Mailbox.parse("from", mailbox);
    return this;
  }

  /**
   * Sets where answers go, in the same form as {@link #from}. None by default, which is the sender.
   *
   * @throws IllegalArgumentException as {@link #from} does
   */
  public SmtpChannelBuilder replyTo(String mailbox) {
    this.replyTo = Mailbox.parse("replyTo", mailbox);
    return this;
  }

  /**
   * Sets what the channel logs in with, by {@code AUTH PLAIN} or {@code LOGIN}. None by default.
   * With credentials a server that offers no {@code AUTH} is a configuration fault.
   *
   * @throws IllegalStateException after {@link #plaintext()}
   */
  public SmtpChannelBuilder credentials(String user, String password) {
    this.credentials = new SmtpCredentials(user, password);
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

  // --- Messages ---------------------------------------------------------------------------------

  /**
   * Sets the envelope's sender, to which bounces go. Defaults to the address of {@link #from}.
   *
   * @throws IllegalArgumentException if it is not an address with an ASCII part before the
   *     {@code @}
   */
  public SmtpChannelBuilder bounceTo(String address) {
    this.bounceTo = Mailbox.parse("bounceTo", address).address();
    return this;
  }

  /**
   * Sets in which charset subjects, names and texts are written if it has all their characters;
   * what it cannot express is written in UTF-8. Defaults to UTF-8.
   *
   * @throws IllegalArgumentException if it is not for mail, because ASCII is not a part of it
   */
  public SmtpChannelBuilder charset(Charset charset) {
    byte[] sample = "\r\nAz09=?".getBytes(StandardCharsets.US_ASCII);
    boolean fit = charset.canEncode() && Arrays.equals("\r\nAz09=?".getBytes(charset), sample);
    if (!fit) {
      throw new IllegalArgumentException(
          "charset must be one that ASCII is a part of, such as UTF-8 or ISO-8859-1, but was "
              + charset);
    }
    this.charset = charset;
    return this;
  }

  /**
   * Signs every message by DKIM. Called twice, it has two signatures, such as one by RSA for all
   * receivers and one by Ed25519 for those that know it. None by default, since many servers sign.
   */
  public SmtpChannelBuilder dkim(DkimSigner signer) {
    signers.add(Objects.requireNonNull(signer, "signer"));
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
   */
  public SmtpChannelBuilder sslContext(SSLContext context) {
    this.sslContext = Objects.requireNonNull(context, "context");
    return this;
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
  public ChannelId id() {
    return id;
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

  /** Returns the id, the host and the port, never the credentials. */
  @Override
  public String toString() {
    return "SmtpChannelBuilder[" + id + " by " + host + ":" + port + "]";
  }
}
