package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Cancels what waits of a batch: what this node holds, in memory, and what is free, in the table,
 * many at a time. What other nodes hold, these cancel by themselves. Thread-safe.
 */
final class BatchCancelling {
  private static final int STEP = 500;
  private final ConnectionSource source;
  private final Dialect dialect;
  private final BatchSql sql;
  private final Packing packing;
  private final OwnedDeliveries owned;
  private final Cancelling cancelling;
  private final DatabaseClock clock;

  /** How far each batch was walked: what was there is dead, and tiresome to step over again. */
  private final Map<Long, byte[]> reached = new ConcurrentHashMap<>();

  BatchCancelling(
      ConnectionSource source,
      Dialect dialect,
      Packing packing,
      OwnedDeliveries owned,
      Cancelling cancelling,
      DatabaseClock clock) {
    this.source = source;
    this.dialect = dialect;
    this.sql = new BatchSql(dialect.tables);
    this.packing = packing;
    this.owned = owned;
    this.cancelling = cancelling;
    this.clock = clock;
  }

  /** Cancels all that is held here, and some of what is free; empty when nothing of it is left. */
  List<QueuedDelivery> cancelSome(long group) throws SQLException {
    List<QueuedDelivery> cancelled = new ArrayList<>();
    for (DeliveryId id : owned.ofBatch(group)) {
      cancelling.cancelHeld(id).ifPresent(cancelled::add);
    }
    try (HeldConnection held = new HeldConnection(source, dialect)) {
      cancelled.addAll(held.inTransaction(connection -> cancelFree(connection, group)));
    }
    return cancelled;
  }

  /** What was free, as it ends and as it waited. */
  private record Free(FinalRow end, QueuedDelivery waiting) {}

  private List<QueuedDelivery> cancelFree(Connection connection, long group) throws SQLException {
    Optional<BatchBounds> bounds = BatchBounds.of(connection, sql, group);
    if (bounds.isEmpty()) {
      return List.of();
    }
    byte[] from = reached.getOrDefault(group, bounds.get().from());
    List<Free> free = free(connection, bounds.get(), from);
    if (free.isEmpty() && reached.remove(group) != null) { // some may have come back behind it
      free = free(connection, bounds.get(), bounds.get().from());
    }
    List<Free> taken = List.of();
    while (taken.isEmpty() && !free.isEmpty()) {
      byte[] last = free.get(free.size() - 1).end().key();
      reached.put(group, last);
      taken = take(connection, free);
      free = taken.isEmpty() ? free(connection, bounds.get(), last) : free;
    }
    return taken.stream().map(Free::waiting).toList();
  }

  /** Ends those that nobody else has taken meanwhile. */
  private List<Free> take(Connection connection, List<Free> free) throws SQLException {
    long taker = ThreadLocalRandom.current().nextLong(Long.MIN_VALUE, 0);
    List<byte[]> keys = free.stream().map(each -> each.end().key()).toList();
    Set<byte[]> locked = dialect.lockFree(connection, keys, taker);
    List<Free> taken = free.stream().filter(each -> locked.contains(each.end().key())).toList();
    if (!taken.isEmpty()) {
      List<FinalRow> ends = taken.stream().map(Free::end).toList();
      List<FinalRow> lost = dialect.finish(connection, ends, taker);
      if (!lost.isEmpty()) {
        throw new SQLException("rows that were locked have gone: " + lost.size());
      }
    }
    return taken;
  }

  private List<Free> free(Connection connection, BatchBounds bounds, byte[] from)
      throws SQLException {
    List<Free> free = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql.waiting())) {
      statement.setInt(bounds.bind(statement, 1), STEP);
      statement.setBytes(1, from);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          free.add(free(row));
        }
      }
    }
    return free;
  }

  private Free free(ResultSet row) throws SQLException {
    byte[] key = row.getBytes(1);
    FinalRow end =
        FinalRow.cancelled(
            key,
            row.getInt(2),
            clock.millis(),
            row.getString(3),
            row.getInt(4),
            row.getInt(6),
            row.getInt(7));
    QueuedDelivery waiting =
        QueuedDelivery.restored(
            DeliveryKey.delivery(key),
            packing.unpack(key, row.getBytes(10), key, null), // whoever hears of it has no content
            row.getInt(4),
            row.getInt(6),
            Instant.ofEpochMilli(row.getLong(8)),
            Instant.ofEpochMilli(row.getLong(9)),
            Instant.ofEpochMilli(row.getLong(5)),
            false);
    return new Free(end, waiting);
  }
}
