package dev.notifier.spi;

import dev.notifier.NotifierException;

/** A callback is forged, too old, malformed or cannot be verified now; it changes nothing. */
public final class InvalidCallbackException extends NotifierException {
  private static final long serialVersionUID = 1L;

  private final int httpStatus;

  private InvalidCallbackException(int httpStatus, String message) {
    super(message);
    this.httpStatus = httpStatus;
  }

  /** The signature is missing or wrong, or the callback is too old: answered with 403. */
  public static InvalidCallbackException forged(String message) {
    return new InvalidCallbackException(403, message);
  }

  /** The callback cannot be understood: answered with 400. */
  public static InvalidCallbackException malformed(String message) {
    return new InvalidCallbackException(400, message);
  }

  /**
   * It cannot be verified now, because something that this needs cannot be reached: answered with
   * 503, so that the sender tries again.
   */
  public static InvalidCallbackException unverifiable(String message) {
    return new InvalidCallbackException(503, message);
  }

  /** Returns what to answer to the sender. */
  public int httpStatus() {
    return httpStatus;
  }
}
