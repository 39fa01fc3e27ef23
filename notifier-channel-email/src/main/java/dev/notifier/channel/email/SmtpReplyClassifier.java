package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a failed conversation means: by the enhanced status code, then by the reply code,
 * then by what was thrown; each time in the light of the stage that was reached. Pure.
 *
 * @see ReplyMeaning the table of codes and words
 */
final class SmtpReplyClassifier {
  private static final int EXCEEDED_STORAGE = 552;

  private SmtpReplyClassifier() {}

  /**
   * Returns the result of a failed attempt.
   *
   * @param reply the answer to the last command, null if there was none or no valid one
   * @param failure what ended the conversation
   */
  static DeliveryResult classify(SmtpStage stage, @Nullable SmtpReply reply, Exception failure) {
    if (failure instanceof MissingExtensionException missing) {
      return missing(missing);
    }
    if (reply != null && reply.isRefusal()) {
      return refused(stage, reply, stage + " was answered with " + wordsOf(stage, reply));
    }
    String reason = stage + " failed: " + describe(failure);
    if (stage == SmtpStage.END_OF_DATA) {
      return DeliveryResult.ambiguous(reason);
    }
    return isTlsRefused(failure)
        ? DeliveryResult.configurationFault(reason)
        : DeliveryResult.transientFailure(reason);
  }

  private static DeliveryResult missing(MissingExtensionException failure) {
    return switch (failure.extension()) {
      case "SMTPUTF8" ->
          DeliveryResult.permanentFailure(
              failure.getMessage() + ", which an address beyond ASCII before the @ needs");
      case "STARTTLS" ->
          DeliveryResult.configurationFault(
              failure.getMessage()
                  + ": use implicitTls() or plaintext() if that is how it is meant to be reached");
      default ->
          DeliveryResult.configurationFault(failure.getMessage() + ", but credentials are set");
    };
  }

  // --- By reply ---------------------------------------------------------------------------------

  /** A server may quote the command that it refuses, and this one holds the password. */
  private static String wordsOf(SmtpStage stage, SmtpReply reply) {
    return stage == SmtpStage.AUTH
        ? (reply.code() + " " + reply.status()).strip()
        : reply.toString();
  }

  private static DeliveryResult refused(SmtpStage stage, SmtpReply reply, String reason) {
    ReplyMeaning meaning = meaningOf(stage, reply);
    if (meaning == ReplyMeaning.LATER || meaning == ReplyMeaning.FULL) {
      return DeliveryResult.transientFailure(reason, RetryHint.in(reply.text()).orElse(null));
    }
    if (stage.isBeforeMessage() || meaning == ReplyMeaning.SENDER) {
      return DeliveryResult.configurationFault(reason);
    }
    return stage.knowsRecipient() && meaning == ReplyMeaning.GONE
        ? DeliveryResult.suppressRecipient(reason)
        : DeliveryResult.permanentFailure(reason);
  }

  private static ReplyMeaning meaningOf(SmtpStage stage, SmtpReply reply) {
    ReplyMeaning meaning = ReplyMeaning.of(reply.code(), reply.status(), reply.text());
    boolean sizeOrQuota = reply.code() == EXCEEDED_STORAGE && reply.status().isEmpty();
    if (sizeOrQuota && meaning == ReplyMeaning.REFUSED) {
      // Without a word more it is a full mailbox at RCPT and too large a message elsewhere.
      return stage == SmtpStage.RCPT ? ReplyMeaning.FULL : ReplyMeaning.MESSAGE;
    }
    boolean refusesSender =
        stage == SmtpStage.MAIL
            && meaning != ReplyMeaning.LATER
            && meaning != ReplyMeaning.FULL
            && meaning != ReplyMeaning.MESSAGE
            && reply.code() != EXCEEDED_STORAGE;
    return refusesSender ? ReplyMeaning.SENDER : meaning;
  }

  // --- By exception -----------------------------------------------------------------------------

  /** A bad certificate or no common version; but not a connection that broke in the handshake. */
  private static boolean isTlsRefused(Throwable failure) {
    boolean tls = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EOFException
          || cause instanceof SocketException
          || cause instanceof InterruptedIOException
          || cause instanceof ClosedChannelException) {
        return false;
      }
      tls |= cause instanceof SSLException;
    }
    return tls;
  }

  private static String describe(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : ": " + root.getMessage();
    return root.getClass().getSimpleName() + message;
  }
}
