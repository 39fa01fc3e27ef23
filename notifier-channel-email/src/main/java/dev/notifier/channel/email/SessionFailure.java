package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import dev.notifier.channel.email.SmtpServer.Outcome;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.SendFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an exception of jakarta.mail says in terms of SMTP.
 *
 * <p>The server's words are the exception's message. The command is known to classes of the
 * implementation only, which may be an application server's own and out of sight here; so it is
 * asked for by name.
 *
 * @param stage how far the conversation came
 * @param reply what the server answered last, null if nothing that is a reply
 */
record SessionFailure(SmtpStage stage, @Nullable SmtpReply reply, MessagingException cause) {
  private static final Pattern REPLY =
      Pattern.compile("(?s)(?:\\A|.*, response: )([245][0-9]{2})(?=[ \\r\\n-]|\\z).*");

  // --- Connecting -------------------------------------------------------------------------------

  /** Reads what kept a transport from being connected. */
  static SessionFailure ofConnecting(MessagingException failure) {
    SmtpStage stage =
        failure instanceof AuthenticationFailedException ? SmtpStage.AUTH : SmtpStage.CONNECT;
    return new SessionFailure(stage, replyOf(failure), failure);
  }

  /** Returns what failing to connect means for a message. */
  DeliveryResult connectResult() {
    if (reply == null && isOfSettings()) {
      return DeliveryResult.configurationFault(stage + " failed: " + cause.getMessage());
    }
    return SmtpReplyClassifier.classify(stage, reply, cause);
  }

  /** Without an answer or an I/O error, it was the transport itself that did not go on. */
  private boolean isOfSettings() {
    String text = String.valueOf(cause.getMessage());
    boolean broken = cause.getNextException() != null || text.isBlank() || text.contains("[EOF]");
    return cause instanceof NoSuchProviderException
        || (!broken && stage == SmtpStage.AUTH)
        || (!broken && text.toUpperCase(Locale.ROOT).contains("STARTTLS"));
  }

  // --- Sending ----------------------------------------------------------------------------------

  /**
   * Reads what kept a message from being sent.
   *
   * @param reached how far the message itself was asked for
   */
  static SessionFailure ofSending(SmtpStage reached, MessagingException failure) {
    SmtpReply reply = replyOf(failure);
    if (reached != SmtpStage.MAIL) {
      return new SessionFailure(reached, reply, failure);
    }
    if (reply == null) {
      List<SmtpReply> recipients = recipientRefusals(failure);
      return recipients.isEmpty()
          ? new SessionFailure(SmtpStage.MAIL, null, failure)
          : new SessionFailure(SmtpStage.RCPT, recipients.get(0), failure);
    }
    return new SessionFailure(stageOf(commandOf(failure)), reply, failure);
  }

  /** Returns the refusals of recipients, in the order in which these were named. */
  static List<SmtpReply> recipientRefusals(MessagingException failure) {
    List<SmtpReply> refusals = new ArrayList<>();
    Exception next = failure.getNextException();
    while (next instanceof SendFailedException one) {
      SmtpReply reply = replyOf(one);
      if (reply != null && reply.isRefusal()) {
        refusals.add(reply);
      }
      next = one.getNextException();
    }
    return refusals;
  }

  /** Returns what became of the message. */
  Outcome outcome(SmtpMail mail) {
    return SmtpServer.outcomeOf(stage, reply, mail, cause);
  }

  /** Returns what became of a message that could not be sent for want of a connection. */
  Outcome connectOutcome() {
    DeliveryResult result = connectResult();
    return new Outcome(result, result.reason(), Map.of(), false, true);
  }

  /** A refusal that pleads for the message is one; where the command is not known, no pausing. */
  private static SmtpStage stageOf(String command) {
    if (command.startsWith("MAIL")) {
      return SmtpStage.MAIL;
    }
    return command.startsWith("RCPT") ? SmtpStage.RCPT : SmtpStage.DATA;
  }

  private static String commandOf(MessagingException failure) {
    try {
      Object command = failure.getClass().getMethod("getCommand").invoke(failure);
      return String.valueOf(command).toUpperCase(Locale.ROOT);
    } catch (ReflectiveOperationException e) {
      return "";
    }
  }

  // --- Replies ----------------------------------------------------------------------------------

  private static @Nullable SmtpReply replyOf(MessagingException failure) {
    SmtpReply own = replyIn(failure.getMessage());
    return own == null && failure.getNextException() instanceof IOException io
        ? replyIn(io.getMessage())
        : own;
  }

  private static @Nullable SmtpReply replyIn(@Nullable String text) {
    Matcher found = REPLY.matcher(text == null ? "" : text);
    return found.matches() ? SmtpReply.parse(Integer.parseInt(found.group(1)), text) : null;
  }
}
