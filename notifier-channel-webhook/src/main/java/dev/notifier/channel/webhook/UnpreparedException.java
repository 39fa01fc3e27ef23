package dev.notifier.channel.webhook;

/** A request cannot be made from an attempt, now or later. */
final class UnpreparedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  UnpreparedException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** Returns why, in words for an operator, without a secret or the path of a URL. */
  String reason() {
    return reason;
  }
}
