package dev.notifier;

/**
 * A channel's lane had no room for a notification; nothing was accepted.
 *
 * <p>The message carries the numbers: waiting, capacity, busy workers, and how long the next one in
 * line has waited.
 */
public final class LaneFullException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception whose message carries the lane's numbers. */
  public LaneFullException(String message) {
    super(message);
  }
}
