package dev.notifier;

/**
 * A notification, or a part of one, breaks a rule; nothing was accepted.
 *
 * <p>The message names the part, the rule and the value. It holds the value of an address only when
 * the address itself is what is wrong.
 */
public final class InvalidNotificationException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the part, the rule and the value. */
  public InvalidNotificationException(String message) {
    super(message);
  }
}
