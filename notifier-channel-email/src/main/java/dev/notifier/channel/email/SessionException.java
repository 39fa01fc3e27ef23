package dev.notifier.channel.email;

/** A message was not accepted, or nobody knows whether it was. */
final class SessionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient SessionFailure failure;

  SessionException(SessionFailure failure) {
    super(failure.cause());
    this.failure = failure;
  }

  SessionFailure failure() {
    return failure;
  }
}
