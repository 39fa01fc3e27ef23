package dev.notifier.channel.webhook;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection was refused by the {@link AddressGuard} before a packet left. */
final class RefusedAddressException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  RefusedAddressException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** Returns which address was refused and why. */
  String reason() {
    return reason;
  }

  /**
   * Returns the refusal behind a failure, if there is one. A host with several addresses has one
   * failure for all of them.
   */
  static Optional<RefusedAddressException> behind(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedAddressException refusal) {
        return Optional.of(refusal);
      }
      for (Throwable other : cause.getSuppressed()) {
        if (other instanceof RefusedAddressException refusal) {
          return Optional.of(refusal);
        }
      }
    }
    return Optional.empty();
  }
}
