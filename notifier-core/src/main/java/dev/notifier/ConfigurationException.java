package dev.notifier;

import org.jspecify.annotations.Nullable;

/** A setting is missing, unknown or unusable; the message names its key and says what to do. */
public final class ConfigurationException extends NotifierException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception that names the key, the rule and what to do. */
  public ConfigurationException(String message) {
    super(message);
  }

  /** Creates an exception with the failure that led to it. */
  public ConfigurationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
