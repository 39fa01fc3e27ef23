package dev.notifier.channel.email;

import java.util.List;

/**
 * A composed message as the transport sees it: its envelope, what it asks of a server, its bytes.
 *
 * <p>Whoever composes makes one of these; {@link SmtpTransport} needs nothing else. Immutable; the
 * bytes are not copied and must not change.
 */
final class SmtpMail {
  private final EnvelopeAddress sender;
  private final List<EnvelopeAddress> recipients;
  private final String messageId;
  private final boolean eightBit;
  private final byte[] content;

  /**
   * Creates it.
   *
   * @param recipients one or more, the delivery's own first
   * @param messageId what an accepted delivery is reported under
   * @param eightBit whether the body holds octets above 127, so that the server must offer 8BITMIME
   * @param content every line ended by CRLF, dots not doubled
   */
  SmtpMail(
      EnvelopeAddress sender,
      List<EnvelopeAddress> recipients,
      String messageId,
      boolean eightBit,
      byte[] content) {
    if (recipients.isEmpty()) {
      throw new IllegalArgumentException("a message must have a recipient");
    }
    this.sender = sender;
    this.recipients = List.copyOf(recipients);
    this.messageId = messageId;
    this.eightBit = eightBit;
    this.content = content;
  }

  EnvelopeAddress sender() {
    return sender;
  }

  List<EnvelopeAddress> recipients() {
    return recipients;
  }

  String messageId() {
    return messageId;
  }

  boolean isEightBit() {
    return eightBit;
  }

  /** Tells whether only a server with SMTPUTF8 can take it. */
  boolean needsUtf8() {
    return sender.needsUtf8() || recipients.stream().anyMatch(EnvelopeAddress::needsUtf8);
  }

  byte[] content() {
    return content;
  }
}
