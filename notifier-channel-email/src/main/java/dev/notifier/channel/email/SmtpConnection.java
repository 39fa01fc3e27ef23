package dev.notifier.channel.email;

import dev.notifier.channel.email.SmtpWire.RawReply;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a server, over which messages go one after the other. It remembers how far the
 * current one came and what the server said last.
 *
 * <p>A refusal is an {@link SmtpRefusal} and leaves the connection fit for the next message, unless
 * it is a 421; after any other exception the connection is of no more use. Used by one thread at a
 * time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5321">RFC 5321</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2920">RFC 2920 (PIPELINING)</a>
 */
final class SmtpConnection implements KeptConnection {
  /** A server that does not answer to this at once has forgotten the connection. */
  private static final Duration NOOP_TIMEOUT = Duration.ofSeconds(5);

  /** So few that neither side can wait for the other to read: RFC 2920, 3.1. */
  private static final int MOST_PIPELINED_RECIPIENTS = 100;

  private static final int GO_AHEAD = 354;
  private static final int CLOSING = 421;

  private final SmtpSettings settings;
  private final HostAndPort server;
  private final SmtpSockets sockets;
  private final Duration longestUse;
  private @Nullable SmtpWire wire;
  private Map<String, String> extensions = Map.of();
  private boolean encrypted;
  private boolean broken = true;
  private boolean needsReset;
  private int messages;
  private SmtpStage stage = SmtpStage.CONNECT;
  private @Nullable SmtpReply reply;

  /**
   * Creates a connection that is not open.
   *
   * @param longestUse the end of opening it, and of each message, even if the server goes on
   *     talking
   */
  SmtpConnection(
      SmtpSettings settings, HostAndPort server, SmtpSockets sockets, Duration longestUse) {
    this.settings = settings;
    this.server = server;
    this.sockets = sockets;
    this.longestUse = longestUse;
  }

  // --- What is known of it ----------------------------------------------------------------------

  /** Returns how far it came. */
  SmtpStage stage() {
    return stage;
  }

  /** Returns the answer to the last command, null if there was none. */
  @Nullable SmtpReply reply() {
    return reply;
  }

  @Override
  public int messages() {
    return messages;
  }

  @Override
  public boolean isUsable() {
    return !broken && wire().isOpen() && !wire().hasUnread();
  }

  private SmtpWire wire() {
    return Objects.requireNonNull(wire, "not connected");
  }

  // --- Opening ----------------------------------------------------------------------------------

  /** Connects, secures the connection and logs in. */
  void open() throws IOException {
    SmtpWire connected = sockets.connect(server);
    wire = connected;
    connected.limitUse(longestUse);
    if (settings.security == SmtpSecurity.TLS) {
      secure();
    }
    require(read(SmtpStage.GREETING));
    greet();
    if (settings.security == SmtpSecurity.STARTTLS) {
      demand("STARTTLS");
      require(ask(SmtpStage.STARTTLS, "STARTTLS"));
      secure();
      greet();
    }
    if (settings.credentials != null) {
      logIn(settings.credentials);
    }
    broken = false;
  }

  private void secure() throws IOException {
    enter(SmtpStage.TLS_HANDSHAKE);
    sockets.secure(wire(), server);
    encrypted = true;
  }

  private void greet() throws IOException {
    String name = settings.localHost != null ? settings.localHost : literal(wire().localAddress());
    enter(SmtpStage.EHLO);
    wire().write("EHLO " + name);
    wire().flush();
    RawReply answer = wire().read(settings.readTimeout);
    reply = parsed(answer);
    if (reply.isPositive()) {
      extensions = extensionsIn(answer.lines());
    } else if (reply.code() >= 500 && !needsExtension()) {
      extensions = Map.of();
      require(ask(SmtpStage.EHLO, "HELO " + name));
    } else {
      require(reply);
    }
  }

  private boolean needsExtension() {
    return (settings.security == SmtpSecurity.STARTTLS && !encrypted)
        || settings.credentials != null;
  }

  /** Writes an address as RFC 5321, 4.1.3 has it. */
  private static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return address instanceof Inet6Address ? "[IPv6:" + text + "]" : "[" + text + "]";
  }

  /** The first line is the server's name. Old servers write {@code AUTH=} instead of AUTH. */
  private static Map<String, String> extensionsIn(String lines) {
    Map<String, String> found = new HashMap<>();
    String[] line = lines.split("\n", -1);
    for (int i = 1; i < line.length; i++) {
      String text = line[i].length() > 4 ? line[i].substring(4).strip() : "";
      String[] words = text.toUpperCase(Locale.ROOT).split("[ =]+", 2);
      found.merge(words[0], words.length > 1 ? words[1] : "", (one, other) -> one + ' ' + other);
    }
    return found;
  }

  private boolean offers(String extension) {
    return extensions.containsKey(extension);
  }

  private void demand(String extension) throws IOException {
    if (!offers(extension)) {
      throw new MissingExtensionException(extension);
    }
  }

  private void logIn(SmtpCredentials credentials) throws IOException {
    demand("AUTH");
    Set<String> mechanisms =
        Set.copyOf(List.of(extensions.getOrDefault("AUTH", "").split(" +", -1)));
    SmtpReply answer =
        new SmtpLogin(line -> ask(SmtpStage.AUTH, line), mechanisms).with(credentials);
    require(answer);
  }

  // --- Sending ----------------------------------------------------------------------------------

  /**
   * Sends one message. When this returns, the server has accepted it for at least one recipient.
   *
   * @return the recipients that were refused, by their index, with the server's words
   */
  Map<Integer, SmtpReply> send(SmtpMail mail) throws IOException {
    wire().limitUse(longestUse);
    messages++;
    enter(SmtpStage.MAIL);
    checkTakes(mail);
    broken = true; // until it has gone well, or ended in a mere refusal
    Map<Integer, SmtpReply> refused = sendEnvelope(mail);
    sendContent(mail);
    broken = false;
    return refused;
  }

  private void checkTakes(SmtpMail mail) throws IOException {
    if (mail.needsUtf8()) {
      demand("SMTPUTF8");
    }
    if (mail.isEightBit() && !offers("8BITMIME")) {
      throw new UnsendableException("the server does not offer 8BITMIME, which this message needs");
    }
    long most = sizeLimit();
    if (most > 0 && mail.content().length > most) {
      throw new UnsendableException(
          "the message has "
              + mail.content().length
              + " octets, but the server takes at most "
              + most);
    }
  }

  /** Returns the most octets that a message may have, 0 if nobody knows: RFC 1870. */
  private long sizeLimit() {
    String digits = extensions.getOrDefault("SIZE", "");
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  private String mailCommand(SmtpMail mail) {
    StringBuilder command =
        new StringBuilder("MAIL FROM:<").append(mail.sender().text()).append('>');
    if (offers("SIZE")) {
      command.append(" SIZE=").append(mail.content().length);
    }
    if (mail.isEightBit() || (mail.needsUtf8() && offers("8BITMIME"))) {
      command.append(" BODY=8BITMIME");
    }
    if (mail.needsUtf8()) {
      command.append(" SMTPUTF8");
    }
    return command.toString();
  }

  /** Says whom it is from and for. When this returns, the server waits for the message. */
  private Map<Integer, SmtpReply> sendEnvelope(SmtpMail mail) throws IOException {
    int count = mail.recipients().size();
    boolean pipelined = offers("PIPELINING") && count <= MOST_PIPELINED_RECIPIENTS;
    List<String> commands = new ArrayList<>(count + 3);
    if (needsReset) {
      commands.add("RSET");
    }
    commands.add(mailCommand(mail));
    for (EnvelopeAddress recipient : mail.recipients()) {
      commands.add("RCPT TO:<" + recipient.text() + '>');
    }
    commands.add("DATA");
    return new Envelope(commands, pipelined).send();
  }

  /** The commands before the message, each answered in turn, or all sent first. */
  private final class Envelope {
    private final List<String> commands;
    private final boolean pipelined;
    private int next;

    Envelope(List<String> commands, boolean pipelined) {
      this.commands = commands;
      this.pipelined = pipelined;
    }

    Map<Integer, SmtpReply> send() throws IOException {
      if (pipelined) {
        for (String command : commands) {
          wire().write(command);
        }
        wire().flush();
      }
      if (commands.get(0).equals("RSET")) {
        reset();
      }
      SmtpReply sender = answer(SmtpStage.MAIL);
      if (!sender.isPositive()) {
        throw refusal(SmtpStage.MAIL, sender);
      }
      Map<Integer, SmtpReply> refused = sendRecipients();
      SmtpReply data = answer(SmtpStage.DATA);
      if (data.code() != GO_AHEAD) {
        throw refusal(SmtpStage.DATA, data);
      }
      return refused;
    }

    private void reset() throws IOException {
      if (!answer(SmtpStage.MAIL).isPositive()) {
        reply = null; // it is no answer to the message
        throw new ProtocolException("the server refused RSET");
      }
      needsReset = false;
    }

    private Map<Integer, SmtpReply> sendRecipients() throws IOException {
      Map<Integer, SmtpReply> refused = Map.of();
      int first = next;
      for (int last = commands.size() - 1; next < last; ) {
        int index = next - first;
        SmtpReply recipient = answer(SmtpStage.RCPT);
        if (recipient.code() == CLOSING) {
          throw refusal(SmtpStage.RCPT, recipient);
        }
        if (!recipient.isPositive()) {
          refused = refused.isEmpty() ? new HashMap<>() : refused;
          refused.put(index, recipient);
        }
      }
      SmtpReply own = refused.get(0);
      if (own != null && refused.size() == next - first) {
        throw refusal(SmtpStage.RCPT, own);
      }
      return refused;
    }

    private SmtpReply answer(SmtpStage step) throws IOException {
      String command = commands.get(next++);
      return pipelined ? read(step) : ask(step, command);
    }

    /** Ends the transaction after a refusal, so that the connection can be used again. */
    private SmtpRefusal refusal(SmtpStage step, SmtpReply answer) {
      needsReset = true;
      broken = answer.code() == CLOSING || !answer.isRefusal() || isGivenUp(step, answer);
      try {
        while (pipelined && !broken && next < commands.size()) {
          SmtpReply late = answer(SmtpStage.DATA);
          if (late.code() == GO_AHEAD) { // for nobody: RFC 2920, 3.1
            wire().writeFinalDot();
            wire().flush();
            read(SmtpStage.DATA);
          }
        }
      } catch (IOException e) {
        broken = true;
      }
      stage = step;
      reply = answer;
      return new SmtpRefusal(answer);
    }

    /** Old servers of Exchange go on answering so for ever after they have waited too long. */
    private boolean isGivenUp(SmtpStage step, SmtpReply answer) {
      return step == SmtpStage.MAIL && answer.isTemporary();
    }
  }

  private void sendContent(SmtpMail mail) throws IOException {
    enter(SmtpStage.CONTENT);
    wire().writeContent(mail.content());
    enter(SmtpStage.END_OF_DATA); // from here on the server may have it
    wire().writeFinalDot();
    wire().flush();
    reply = parsed(wire().read(settings.acceptanceTimeout));
    if (reply.isRefusal() && reply.code() != CLOSING) {
      broken = false;
    }
    require(reply);
  }

  // --- Around it --------------------------------------------------------------------------------

  @Override
  public boolean isAlive() {
    try {
      wire().limitUse(longestUse);
      wire().write("NOOP");
      wire().flush();
      return parsed(wire().read(NOOP_TIMEOUT)).isPositive() && isUsable();
    } catch (IOException e) {
      return false;
    }
  }

  /** Says goodbye if anybody may still listen, and closes the connection. Does not block. */
  @Override
  public void close() {
    if (wire == null) {
      return;
    }
    if (wire.isOpen() && stage.compareTo(SmtpStage.GREETING) > 0 && !isInDoubt()) {
      wire.quit();
    } else {
      wire.end();
    }
    broken = true;
  }

  /** In the middle of a message or of a lost answer QUIT would be text, or nobody would hear it. */
  private boolean isInDoubt() {
    return broken && (reply == null || reply.code() == CLOSING);
  }

  private void enter(SmtpStage next) {
    stage = next;
    reply = null;
  }

  private SmtpReply ask(SmtpStage step, String command) throws IOException {
    enter(step);
    wire().write(command);
    wire().flush();
    return read(step);
  }

  private SmtpReply read(SmtpStage step) throws IOException {
    enter(step);
    SmtpReply answer = parsed(wire().read(settings.readTimeout));
    reply = answer;
    return answer;
  }

  private static SmtpReply parsed(RawReply raw) throws IOException {
    if (raw.code() >= 200 && raw.code() < 400) {
      return new SmtpReply(raw.code(), "", ""); // who needs its words?
    }
    SmtpReply refusal = SmtpReply.parse(raw.code(), raw.lines());
    if (refusal == null) {
      throw new ProtocolException("the server's answer is no reply of SMTP");
    }
    return refusal;
  }

  private static void require(SmtpReply answer) throws IOException {
    if (answer.isRefusal()) {
      throw new SmtpRefusal(answer);
    }
    if (!answer.isPositive()) {
      throw new ProtocolException("the server answered " + answer.code());
    }
  }
}
