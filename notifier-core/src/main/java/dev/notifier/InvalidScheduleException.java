package dev.notifier;

/**
 * A schedule, or a part of one, breaks a rule, or there is none of that name; nothing was changed.
 *
 * <p>The message names the schedule or the part, the rule and the value.
 */
public final class InvalidScheduleException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the thing, the rule and the value. */
  public InvalidScheduleException(String message) {
    super(message);
  }
}
