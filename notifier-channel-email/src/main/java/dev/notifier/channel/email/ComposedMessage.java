package dev.notifier.channel.email;

import jakarta.mail.Address;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A message that was composed elsewhere, as transports of jakarta.mail want it. It knows how far
 * they came, for no exception of theirs says whether the server may have it.
 */
final class ComposedMessage extends MimeMessage {
  private final SmtpMail mail;
  private SmtpStage stage = SmtpStage.MAIL;

  ComposedMessage(Session session, SmtpMail mail) {
    super(session);
    this.mail = mail;
  }

  /** Returns MAIL, CONTENT, or END_OF_DATA once all of it was handed over. */
  SmtpStage stage() {
    return stage;
  }

  /** Returns the envelope's sender, which is what transports ask this for. */
  @Override
  public Address[] getFrom() {
    return new Address[] {addressOf(mail.sender())};
  }

  Address[] recipients() {
    return mail.recipients().stream().map(ComposedMessage::addressOf).toArray(Address[]::new);
  }

  private static Address addressOf(EnvelopeAddress address) {
    InternetAddress same = new InternetAddress();
    same.setAddress(address.text()); // was checked
    return same;
  }

  @Override
  public int getSize() {
    return mail.content().length;
  }

  @Override
  public void writeTo(OutputStream out, String[] ignoredHeaders) throws IOException {
    stage = SmtpStage.CONTENT;
    out.write(mail.content());
    stage = SmtpStage.END_OF_DATA;
  }
}
