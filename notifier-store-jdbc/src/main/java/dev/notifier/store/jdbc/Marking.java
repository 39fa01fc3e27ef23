package dev.notifier.store.jdbc;

import java.sql.SQLException;

/**
 * Writes a mark before an attempt that must not be repeated. Each is a commit of its own, on the
 * calling worker: at most once has its price. Thread-safe.
 */
final class Marking {
  private final ConnectionSource source;
  private final Dialect dialect;

  Marking(ConnectionSource source, Dialect dialect) {
    this.source = source;
    this.dialect = dialect;
  }

  /** Marks a delivery; false if this node does not hold it any more. */
  boolean mark(OwnedDelivery owned) throws SQLException {
    try (OpenConnection open = source.open()) {
      boolean marked = dialect.mark(open.jdbc(), owned.key(), owned.fence(), owned.node());
      dialect.afterCommit(open.jdbc());
      if (marked) {
        owned.setMarked();
      }
      return marked;
    }
  }
}
