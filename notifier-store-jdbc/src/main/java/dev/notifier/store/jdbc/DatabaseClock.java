package dev.notifier.store.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local clock, corrected by the database's where it is wrong, so that all nodes mean the same
 * by a due time. Thread-safe.
 */
final class DatabaseClock implements InstantSource {
  private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);

  /** Less than this is as likely the network's doing as the clock's. */
  private static final long TOLERATED_MILLIS = 500;

  private final InstantSource local;
  private final boolean corrects;
  private volatile long offset;

  DatabaseClock(InstantSource local, boolean corrects) {
    this.local = local;
    this.corrects = corrects;
  }

  /**
   * Compares the clocks.
   *
   * @param before the local clock before the database was asked
   * @param database what it said
   * @param after the local clock after it had answered
   */
  void compare(long before, long database, long after) {
    long measured = database - (before + (after - before) / 2);
    if (!corrects || Math.abs(measured - offset) <= TOLERATED_MILLIS) {
      return;
    }
    offset = Math.abs(measured) <= TOLERATED_MILLIS ? 0 : measured;
    log.warn(
        "the clock of this machine differs from the database's by {}; due times follow the"
            + " database's: synchronise the clocks",
        Duration.ofMillis(-measured));
  }

  long localMillis() {
    return local.millis();
  }

  @Override
  public Instant instant() {
    return local.instant().plusMillis(offset);
  }

  @Override
  public long millis() {
    return local.millis() + offset;
  }
}
