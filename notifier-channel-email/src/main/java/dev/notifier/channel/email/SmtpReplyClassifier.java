package dev.notifier.channel.email;

import dev.notifier.DeliveryResult;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a failed conversation means: by the enhanced status code, then by the reply code,
 * then by what was thrown; each time in the light of the stage that was reached. Pure.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5321#section-4.2">RFC 5321, 4.2</a>
 * @see <a href="https://www.iana.org/assignments/smtp-enhanced-status-codes">The registry of
 *     enhanced status codes</a>
 */
final class SmtpReplyClassifier {
  /**
   * The address does not exist, has moved for good or takes no mail: nothing may be sent to it any
   * more. Nothing else is the address's own fault, least of all 5.7.x, which is about the sender.
   */
  private static final Set<String> DEAD_RECIPIENT =
      Set.of("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4");

  /** A full mailbox or disk, which RFC 3463 calls persistent and which passes all the same. */
  private static final Set<String> FULL = Set.of("5.2.2", "5.3.1");

  /** Log in, log in properly, encrypt first: RFC 4954, section 6. */
  private static final Set<Integer> AUTHENTICATION_CODES = Set.of(530, 534, 535, 538);

  /** The same as status codes; and the sender's domain takes no mail itself: RFC 7505, 4.2. */
  private static final Set<String> SENDER_STATUS =
      Set.of("5.7.8", "5.7.9", "5.7.10", "5.7.11", "5.7.27", "5.1.7", "5.1.8");

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
    if (reply.isTemporary() || isFull(stage, reply)) {
      return DeliveryResult.transientFailure(reason);
    }
    if (stage.isBeforeMessage() || isAboutSender(stage, reply)) {
      return DeliveryResult.configurationFault(reason);
    }
    return stage.knowsRecipient() && DEAD_RECIPIENT.contains(reply.status())
        ? DeliveryResult.suppressRecipient(reason)
        : DeliveryResult.permanentFailure(reason);
  }

  /** Without a status code, 552 is a full mailbox at RCPT and too large a message elsewhere. */
  private static boolean isFull(SmtpStage stage, SmtpReply reply) {
    return FULL.contains(reply.status())
        || (stage == SmtpStage.RCPT
            && reply.code() == EXCEEDED_STORAGE
            && reply.status().isEmpty());
  }

  private static boolean isAboutSender(SmtpStage stage, SmtpReply reply) {
    return AUTHENTICATION_CODES.contains(reply.code())
        || SENDER_STATUS.contains(reply.status())
        || (stage == SmtpStage.MAIL && !isAboutMessage(reply));
  }

  /** Its size or its form: RFC 1870, section 6; RFC 6531, 3.5. */
  private static boolean isAboutMessage(SmtpReply reply) {
    return reply.status().equals("5.2.3")
        || reply.status().equals("5.3.4")
        || reply.status().startsWith("5.6.")
        || reply.code() == EXCEEDED_STORAGE;
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
