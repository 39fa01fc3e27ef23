package dev.notifier.channel.email;

/** How far a conversation has come; what a reply means depends on it. In order. */
enum SmtpStage {
  CONNECT("connecting"),
  TLS_HANDSHAKE("the TLS handshake"),
  GREETING("the greeting"),
  EHLO("EHLO"),
  STARTTLS("STARTTLS"),
  AUTH("AUTH"),
  MAIL("MAIL FROM"),
  RCPT("RCPT TO"),
  DATA("DATA"),
  CONTENT("writing the message"),
  /** From the final dot on: the server may have the message. */
  END_OF_DATA("the end of the message");

  private final String words;

  SmtpStage(String words) {
    this.words = words;
  }

  /** Tells whether nothing of a message was said yet, so that a refusal is not for the message. */
  boolean isBeforeMessage() {
    return compareTo(MAIL) < 0;
  }

  /** Tells whether the recipient was named, so that a refusal may be for the recipient. */
  boolean knowsRecipient() {
    return compareTo(RCPT) >= 0;
  }

  @Override
  public String toString() {
    return words;
  }
}
