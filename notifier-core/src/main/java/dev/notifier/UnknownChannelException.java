package dev.notifier;

/**
 * A notification's route names a channel that this notifier does not have; nothing was accepted.
 */
public final class UnknownChannelException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the channel, what was found, and what to add. */
  public UnknownChannelException(String message) {
    super(message);
  }
}
