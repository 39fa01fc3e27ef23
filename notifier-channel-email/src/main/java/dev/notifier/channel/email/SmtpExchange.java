package dev.notifier.channel.email;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.SocketFetcher;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation with a server, which remembers how far it came and what the server said last.
 *
 * <p>Angus tells neither: a 421 to {@code RCPT} is lost in the failure of the {@code RSET} that
 * follows, and a time-out looks the same before and after the final dot. So this class overrides
 * the step that sends each command and the one that reads each reply. Not thread-safe.
 */
final class SmtpExchange extends SMTPTransport {
  private static final Logger log = LoggerFactory.getLogger(SmtpExchange.class);

  private final SmtpSettings settings;
  private final SmtpSockets sockets;
  private final boolean needsUtf8;
  private SmtpStage stage = SmtpStage.CONNECT;
  private @Nullable SmtpReply reply;
  private @Nullable Socket socket;
  private boolean encrypted;

  /** Creates a conversation that has not begun. */
  SmtpExchange(Session session, SmtpSettings settings, SmtpSockets sockets, boolean needsUtf8) {
    // No host: Angus would look it up when it compares the names of services.
    super(session, new URLName("smtp", null, -1, null, null, null));
    this.settings = settings;
    this.sockets = sockets;
    this.needsUtf8 = needsUtf8;
  }

  // --- The conversation -------------------------------------------------------------------------

  /** Connects, secures the connection and logs in. */
  void open() throws IOException, MessagingException {
    Socket plain = sockets.connect();
    socket = plain;
    setLocalHost(
        settings.localHost != null ? settings.localHost : literal(plain.getLocalAddress()));
    connect(settings.security == SmtpSecurity.TLS ? secured(plain) : plain);
  }

  /** Writes an address as RFC 5321, 4.1.3 has it. */
  private static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
  }

  /** In the way in which Angus secures a connection after STARTTLS, by the same properties. */
  private Socket secured(Socket plain) throws IOException {
    enter(SmtpStage.TLS_HANDSHAKE);
    Socket secured =
        SocketFetcher.startTLS(plain, settings.host, session.getProperties(), "mail.smtp");
    encrypted = true;
    return secured;
  }

  /** Sends one message. When this returns, the server has accepted it. */
  void send(MimeMail mail) throws MessagingException {
    InternetAddress[] recipients =
        mail.message().recipients().stream()
            .map(SmtpExchange::unparsed)
            .toArray(InternetAddress[]::new);
    try {
      sendMessage(new Envelope(mail), recipients);
    } catch (MessagingException e) {
      if (!isAccepted()) {
        throw e;
      }
    }
  }

  /** As it is: it was checked, and parsing would change it. */
  private static InternetAddress unparsed(EnvelopeAddress address) {
    InternetAddress unparsed = new InternetAddress();
    unparsed.setAddress(address.text());
    return unparsed;
  }

  /** Angus takes 250 only, but every 2xx means that the server has the message. */
  private boolean isAccepted() {
    return stage == SmtpStage.END_OF_DATA && reply != null && reply.isPositive();
  }

  /** Says goodbye if anybody still listens, and closes the connection. */
  void end() {
    try {
      close();
    } catch (MessagingException e) {
      log.debug("{}:{} was left without QUIT: {}", settings.host, settings.port, e.toString());
    } finally {
      closeSocket();
    }
  }

  private void closeSocket() {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      log.debug("{}:{} was not closed: {}", settings.host, settings.port, e.toString());
    }
  }

  /** Returns how far it came. */
  SmtpStage stage() {
    return stage;
  }

  /** Returns the answer to the last command, null if there was none. */
  @Nullable SmtpReply reply() {
    return reply;
  }

  // --- What is overheard ------------------------------------------------------------------------

  private void enter(SmtpStage next) {
    stage = next;
    reply = null;
  }

  @Override
  protected int readServerResponse() throws MessagingException {
    reply = null;
    int code = super.readServerResponse();
    reply = SmtpReply.parse(code, getLastServerResponse());
    return code;
  }

  /** Sends no RSET, which Angus does after a refusal: a connection is not used for long enough. */
  @Override
  public synchronized void issueCommand(String command, int expected) throws MessagingException {
    if (!command.equals("RSET")) {
      super.issueCommand(command, expected);
    }
  }

  @Override
  protected synchronized boolean protocolConnect(
      @Nullable String host, int port, @Nullable String user, @Nullable String password)
      throws MessagingException {
    enter(SmtpStage.GREETING);
    SmtpCredentials credentials = settings.credentials;
    return credentials == null
        ? super.protocolConnect(host, port, null, null)
        : super.protocolConnect(host, port, credentials.user(), credentials.password());
  }

  @Override
  protected boolean ehlo(String domain) throws MessagingException {
    enter(SmtpStage.EHLO);
    boolean understood = super.ehlo(domain);
    List<String> needed = neededExtensions();
    if (!understood && !needed.isEmpty()) {
      throw new MessagingException("EHLO was refused, and HELO offers no " + needed);
    }
    for (String extension : needed) {
      if (!supportsExtension(extension)) {
        throw new MissingExtensionException(extension);
      }
    }
    return understood;
  }

  private List<String> neededExtensions() {
    if (settings.security == SmtpSecurity.STARTTLS && !encrypted) {
      return List.of("STARTTLS"); // what else is offered may be a lie until then
    }
    List<String> needed = new ArrayList<>();
    if (settings.credentials != null) {
      needed.add("AUTH");
    }
    if (needsUtf8) {
      needed.add("SMTPUTF8");
    }
    return needed;
  }

  @Override
  protected void startTLS() throws MessagingException {
    enter(SmtpStage.STARTTLS);
    super.startTLS();
    encrypted = true;
  }

  /** Only AUTH comes this way. */
  @Override
  public synchronized int simpleCommand(String command) throws MessagingException {
    enter(SmtpStage.AUTH);
    return super.simpleCommand(command);
  }

  @Override
  protected void mailFrom() throws MessagingException {
    enter(SmtpStage.MAIL);
    super.mailFrom();
  }

  @Override
  protected void rcptTo() throws MessagingException {
    enter(SmtpStage.RCPT);
    super.rcptTo();
  }

  @Override
  protected OutputStream data() throws MessagingException {
    enter(SmtpStage.DATA);
    OutputStream content = super.data();
    enter(SmtpStage.CONTENT);
    return content;
  }

  /** Waits longer than for other replies: giving up here may make a duplicate. */
  @Override
  protected void finishData() throws IOException, MessagingException {
    if (socket != null) {
      socket.setSoTimeout(Math.toIntExact(settings.acceptanceTimeout.toMillis()));
    }
    enter(SmtpStage.END_OF_DATA);
    super.finishData();
  }

  /** What Angus wants to see of a message: that it can be written. */
  private static final class Envelope extends SMTPMessage {
    private final MimeMail mail;

    Envelope(MimeMail mail) {
      super((Session) null);
      this.mail = mail;
      setEnvelopeFrom(mail.message().envelopeFrom().text());
    }

    @Override
    public void writeTo(OutputStream out, String @Nullable [] ignoredHeaders) throws IOException {
      mail.writeTo(out);
    }
  }
}
