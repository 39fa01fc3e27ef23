package dev.notifier;

import org.jspecify.annotations.Nullable;

/** The root of every exception that this library throws on purpose. */
public abstract class NotifierException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the thing, the rule and the value. */
  protected NotifierException(String message) {
    super(message);
  }

  /** Creates an exception with the failure that led to it. */
  protected NotifierException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
