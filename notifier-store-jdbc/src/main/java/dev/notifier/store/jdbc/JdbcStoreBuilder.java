package dev.notifier.store.jdbc;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Collects the settings of a JDBC store. Everything has a default, and a bad value is refused at
 * the call that brings it, with an {@link IllegalArgumentException}. Not thread-safe.
 */
public final class JdbcStoreBuilder {
  private final JdbcSettings.Builder settings;

  JdbcStoreBuilder(JdbcSettings.Builder settings) {
    this.settings = settings;
  }

  /** Sets what the names of the tables begin with. Defaults to {@code notifier_}. */
  public JdbcStoreBuilder tablePrefix(String prefix) {
    settings.prefix(prefix);
    return this;
  }

  /** Sets what happens to the tables at the start. Defaults to MIGRATE. */
  public JdbcStoreBuilder schema(SchemaMode mode) {
    settings.schema(mode);
    return this;
  }

  /** Sets how long to wait at the start for a database that is away. Defaults to zero. */
  public JdbcStoreBuilder startupWait(Duration wait) {
    settings.startupWait(wait);
    return this;
  }

  /** Sets how long settled notifications are kept. Defaults to 30 days. */
  public JdbcStoreBuilder historyAge(Duration age) {
    settings.historyAge(age);
    return this;
  }

  /** Sets whether the history keeps what notifications said. Defaults to true. */
  public JdbcStoreBuilder keepContent(boolean keep) {
    settings.keepContent(keep);
    return this;
  }

  /** Sets how long an idempotency key is known. Defaults to 24 hours. */
  public JdbcStoreBuilder idempotencyWindow(Duration window) {
    settings.idempotencyWindow(window);
    return this;
  }

  /**
   * Sets how long a process may be silent before others take over what it holds. Defaults to 15
   * seconds.
   */
  public JdbcStoreBuilder lease(Duration lease) {
    settings.lease(lease);
    return this;
  }

  /** Sets how far ahead of their time deliveries lie in memory. Defaults to 60 seconds. */
  public JdbcStoreBuilder horizon(Duration horizon) {
    settings.horizon(horizon);
    return this;
  }

  /** Sets how long {@code send} waits for its commit. Defaults to 10 seconds. */
  public JdbcStoreBuilder acceptTimeout(Duration timeout) {
    settings.acceptTimeout(timeout);
    return this;
  }

  /** Sets the name of this process in logs and tables. Defaults to host and process id. */
  public JdbcStoreBuilder nodeName(String name) {
    settings.nodeName(name);
    return this;
  }

  /** Encrypts messages and addresses in the tables. They are not by default. */
  public JdbcStoreBuilder encryption(PayloadCipher cipher) {
    settings.encryption(cipher);
    return this;
  }

  /**
   * Sets the clock of this machine, as the store corrects it by the database's. Defaults to the
   * system's; meant for tests.
   */
  JdbcStoreBuilder clock(InstantSource clock, boolean correctedByDatabase) {
    settings.clock(clock, correctedByDatabase);
    return this;
  }

  /** As {@link #lease}, however short, for tests. */
  JdbcStoreBuilder shortLease(Duration lease) {
    settings.shortLease(lease);
    return this;
  }

  /** Sets the clock by which the trust in the lease ends, for tests. */
  JdbcStoreBuilder trustClock(LongSupplier nanos) {
    settings.trustClock(nanos);
    return this;
  }

  /**
   * Opens the store.
   *
   * @throws dev.notifier.NotifierException if the database is away, refuses, or has other tables
   *     than needed; the message says what to do
   */
  public JdbcNotificationStore build() {
    return JdbcNotificationStore.open(settings.build());
  }
}
