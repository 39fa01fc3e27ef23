package dev.notifier.channel.email;

import java.io.IOException;

/** The server has said no; whether for good is for {@link SmtpReplyClassifier} to say. */
final class SmtpRefusal extends IOException {
  private static final long serialVersionUID = 1L;

  /** Names the code only: the words may quote an address or a password. */
  SmtpRefusal(SmtpReply reply) {
    super("the server answered " + reply.code());
  }
}
