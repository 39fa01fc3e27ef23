package dev.notifier.store.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A transaction that has not ended holds an idempotency key, and may go on doing so. */
final class HeldKeyException extends SQLException {
  private static final long serialVersionUID = 1;

  HeldKeyException(@Nullable SQLException cause) {
    super("a transaction that has not ended holds the idempotency key", null, cause);
  }
}
