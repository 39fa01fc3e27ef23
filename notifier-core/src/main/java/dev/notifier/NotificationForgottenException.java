package dev.notifier;

/** A notification is no longer in the store: it was settled longer ago than history is kept. */
public final class NotificationForgottenException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the notification. */
  public NotificationForgottenException(String message) {
    super(message);
  }
}
