package dev.notifier;

/** The notifier was closed, or closed while the caller waited; nothing was accepted. */
public final class NotifierClosedException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the notifier. */
  public NotifierClosedException(String message) {
    super(message);
  }
}
