package dev.notifier.channel.email;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A connection of jakarta.mail, over which messages go one after the other. */
final class SessionConnection implements KeptConnection {
  private static final int CLOSING = 421;

  private final MailSession session;
  private final Transport transport;
  private boolean usable;
  private int messages;

  /** Connects and logs in. */
  SessionConnection(MailSession session) throws MessagingException {
    this.session = session;
    this.transport = session.newTransport();
    try {
      transport.connect();
    } catch (MessagingException e) {
      close();
      throw e;
    }
    this.usable = true;
  }

  /**
   * Sends one message. When this returns, the server has accepted it for at least one recipient.
   *
   * @return the recipients that were refused, by their index, with the server's words
   * @throws SessionException if it was not accepted, or nobody knows
   */
  Map<Integer, SmtpReply> send(SmtpMail mail) throws SessionException {
    ComposedMessage message = new ComposedMessage(session.session(), mail);
    Address[] recipients = message.recipients();
    messages++;
    usable = false; // until it has gone well, or ended in a mere refusal
    try {
      transport.sendMessage(message, recipients);
      usable = true;
      return Map.of();
    } catch (SendFailedException e) {
      if (isAccepted(e)) {
        usable = true;
        return refused(List.of(recipients), e);
      }
      throw failed(message, e);
    } catch (MessagingException e) {
      throw failed(message, e);
    } catch (IllegalStateException e) { // the transport has closed the connection by itself
      throw failed(message, new MessagingException("the connection was closed", e));
    }
  }

  private static boolean isAccepted(SendFailedException failure) {
    Address[] sent = failure.getValidSentAddresses();
    return sent != null && sent.length > 0;
  }

  private static Map<Integer, SmtpReply> refused(
      List<Address> recipients, SendFailedException failure) {
    List<Address> others = new ArrayList<>(recipients);
    others.removeAll(List.of(failure.getValidSentAddresses()));
    List<SmtpReply> replies = SessionFailure.recipientRefusals(failure);
    Map<Integer, SmtpReply> refused = new HashMap<>();
    for (int i = 0; i < Math.min(others.size(), replies.size()); i++) {
      refused.put(recipients.indexOf(others.get(i)), replies.get(i));
    }
    return refused;
  }

  private SessionException failed(ComposedMessage message, MessagingException cause) {
    SessionFailure failure = SessionFailure.ofSending(message.stage(), cause);
    SmtpReply reply = failure.reply();
    boolean givenUp = failure.stage() == SmtpStage.MAIL && reply != null && reply.isTemporary();
    usable = reply != null && reply.isRefusal() && reply.code() != CLOSING && !givenUp;
    return new SessionException(failure);
  }

  @Override
  public boolean isUsable() {
    return usable;
  }

  @Override
  public boolean isAlive() {
    return transport.isConnected(); // asks by NOOP
  }

  @Override
  public int messages() {
    return messages;
  }

  @Override
  public void close() {
    usable = false;
    try {
      transport.close();
    } catch (MessagingException | IllegalStateException e) {
      // the server was faster
    }
  }
}
