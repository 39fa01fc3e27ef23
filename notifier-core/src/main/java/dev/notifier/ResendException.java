package dev.notifier;

/**
 * A notification cannot be sent again: it is not known, still waits, is no dead letter, or its
 * content was not kept. Nothing was sent.
 *
 * <p>The message names the notification and the reason, and says what to do.
 */
public final class ResendException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the notification and the reason. */
  public ResendException(String message) {
    super(message);
  }
}
