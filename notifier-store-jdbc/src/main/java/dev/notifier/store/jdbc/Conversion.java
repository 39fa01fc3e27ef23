package dev.notifier.store.jdbc;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was written under an older key, or before encryption was turned on, under the current
 * key. At the start suppressions and preferences, since none may be overlooked for a moment; the
 * rest in the background. Until then, idempotency keys are looked up in both ways. Used by one
 * thread at a time.
 */
final class Conversion {
  private static final Logger log = LoggerFactory.getLogger(Conversion.class);

  /** Other nodes may still write under an older key while they are restarted one by one. */
  private static final Duration AGAIN_AFTER = Duration.ofHours(1);

  private final ReEncryption reEncryption;
  private final Dedup dedup;
  private final DatabaseClock clock;
  private final Duration idempotencyWindow;
  private final BooleanSupplier stopping;
  private long nextAt;
  private long olderKeysUntil;
  private boolean finished;

  Conversion(
      ReEncryption reEncryption,
      Dedup dedup,
      DatabaseClock clock,
      Duration idempotencyWindow,
      BooleanSupplier stopping) {
    this.reEncryption = reEncryption;
    this.dedup = dedup;
    this.clock = clock;
    this.idempotencyWindow = idempotencyWindow;
    this.stopping = stopping;
  }

  /** Does what must be done before anything is looked up. */
  void begin() {
    dedup.alsoKnow(LookupHash.plain());
    olderKeysUntil = clock.millis() + idempotencyWindow.toMillis();
    reEncryption.permissions(() -> false);
  }

  /** Walks all tables, again every hour until there was nothing to do. */
  void goOn() {
    if (clock.millis() >= olderKeysUntil) {
      dedup.forgetOlder();
    }
    if (finished || clock.millis() < nextAt) {
      return;
    }
    boolean first = nextAt == 0;
    ReEncryption.Outcome outcome = reEncryption.run(stopping);
    if (stopping.getAsBoolean()) {
      return;
    }
    nextAt = clock.millis() + AGAIN_AFTER.toMillis();
    finished = outcome.rewritten() == 0;
    if (finished && first) {
      dedup.forgetOlder(); // there was nothing from before
    }
    log.info(
        "re-encryption: {} rows are now under the current key, {} could not be read{}",
        outcome.rewritten(),
        outcome.unreadable(),
        finished ? "" : "; what other nodes write meanwhile follows in an hour");
  }
}
