package dev.notifier;

import org.jspecify.annotations.Nullable;

/** The store did not answer, or refused; what was being written is not accepted. */
public final class StoreException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the operation and says what to do. */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
