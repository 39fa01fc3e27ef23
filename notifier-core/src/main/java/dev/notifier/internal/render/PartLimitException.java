package dev.notifier.internal.render;

/** A part grows beyond its bounds; thrown where no tag can be named. */
final class PartLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PartLimitException(String message) {
    super(message);
  }
}
