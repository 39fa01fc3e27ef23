package dev.notifier.store.jdbc;

import dev.notifier.ConfigurationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the tables that they are encrypted, and by which look-up key. Processes that differ about
 * it would not know each other's idempotency keys and suppressions: they are refused at the start.
 *
 * <p>The mark is a row among the idempotency keys that never expires.
 */
final class EncryptionMark {
  private static final Logger log = LoggerFactory.getLogger(EncryptionMark.class);
  private static final long BETWEEN_LOOKS_NANOS = Duration.ofMillis(250).toNanos();

  private final HeldConnection held;
  private final Dialect dialect;
  private final Duration patience;
  private final byte @Nullable [] own; // null: this process does not encrypt

  /**
   * Creates it.
   *
   * @param own the hashes of this process; null if it does not encrypt
   * @param patience how long to wait for leases of processes that were killed
   */
  EncryptionMark(
      HeldConnection held, Dialect dialect, @Nullable LookupHash own, Duration patience) {
    this.held = held;
    this.dialect = dialect;
    this.own = own == null ? null : own.mark();
    this.patience = patience;
  }

  /**
   * Refuses a process that does not do as the tables say; sets the mark if this is the first one
   * that encrypts. Must come before the lease: then who sees the lease sees the mark.
   */
  void check() throws SQLException {
    if (own != null) {
      awaitTheEndOfOthers();
    }
    Optional<byte[]> mark = held.inTransaction(this::read);
    if (mark.isPresent()) {
      compare(mark.get());
    } else if (own != null) {
      held.inTransaction(connection -> write(connection, own));
    }
  }

  private void compare(byte[] mark) {
    if (own == null) {
      throw new ConfigurationException(
          "the tables "
              + dialect.tables.queue()
              + " and others are encrypted, but this process has no keys: set"
              + " notifier.store.jdbc.encryption.keys and .lookup-key as where they were encrypted");
    }
    if (!Arrays.equals(mark, own)) {
      throw new ConfigurationException(
          "notifier.store.jdbc.encryption.lookup-key is not the one by which the tables were"
              + " encrypted, so that nothing would be found in them: put that one back");
    }
  }

  /** Those that are live while there is no mark do not encrypt. */
  private void awaitTheEndOfOthers() throws SQLException {
    long end = System.nanoTime() + patience.toNanos();
    boolean said = false;
    while (held.inTransaction(connection -> isAnyLive(connection) && read(connection).isEmpty())) {
      if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
        throw new ConfigurationException(
            "encryption cannot be turned on while other processes use the tables without it: end"
                + " them all, then start this one");
      }
      if (!said) {
        log.info("encryption is turned on; waiting for the end of processes without it");
        said = true;
      }
      LockSupport.parkNanos(this, BETWEEN_LOOKS_NANOS);
    }
  }

  /** Looked at before the mark: whoever encrypts has set the mark before it was live. */
  private boolean isAnyLive(Connection connection) throws SQLException {
    String sql =
        "SELECT 1 FROM "
            + dialect.tables.node()
            + " WHERE state = "
            + Lease.LIVE
            + " AND lease_until > "
            + dialect.nowMillis();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet result = statement.executeQuery()) {
      return result.next();
    }
  }

  private Optional<byte[]> read(Connection connection) throws SQLException {
    String sql = "SELECT id FROM " + dialect.tables.dedup() + " WHERE key_hash = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, LookupHash.keyOfMark());
      try (ResultSet result = statement.executeQuery()) {
        return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
      }
    }
  }

  /** Several may be the first. */
  private boolean write(Connection connection, byte[] mark) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(dialect.upsertDedup())) {
      dialect.bindDedup(statement, LookupHash.keyOfMark(), mark, Long.MAX_VALUE, 0);
      return statement.executeUpdate() >= 0;
    }
  }
}
