package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.spi.Cancellation;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Cancels: what this node holds, in memory; what is free, in the table; and what another node
 * holds, by asking it. Thread-safe.
 */
final class Cancelling {
  /** Another node looks every second. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(10);
  private static final long ASK_EVERY_NANOS = Duration.ofMillis(50).toNanos();

  /** The state of a serialization failure: the transaction is rolled back and made again. */
  private static final String REPEAT = "40001";

  private final ConnectionSource source;
  private final Dialect dialect;
  private final OwnedDeliveries owned;
  private final SettlementWriter settlements;
  private final HistoryReader reader;
  private final Lease lease;
  private final DatabaseClock clock;
  private final LongSupplier nanos;

  Cancelling(
      ConnectionSource source,
      Dialect dialect,
      OwnedDeliveries owned,
      SettlementWriter settlements,
      HistoryReader reader,
      Lease lease,
      DatabaseClock clock,
      LongSupplier nanos) {
    this.source = source;
    this.dialect = dialect;
    this.owned = owned;
    this.settlements = settlements;
    this.reader = reader;
    this.lease = lease;
    this.clock = clock;
    this.nanos = nanos;
  }

  Cancellation cancel(NotificationId id) throws SQLException {
    settlements.awaitWritten(WRITE_TIMEOUT);
    Optional<NotificationReport> report = reader.find(id);
    if (report.isEmpty()) {
      return Cancellation.NONE;
    }
    List<QueuedDelivery> cancelled = new ArrayList<>();
    boolean complete = true;
    for (DeliveryReport delivery : report.get().deliveries()) {
      Optional<QueuedDelivery> own =
          delivery.status().isSettled() ? Optional.empty() : cancel(report.get(), delivery);
      own.ifPresent(cancelled::add);
      complete &= own.isPresent() || isCancelled(delivery);
    }
    settlements.awaitWritten(WRITE_TIMEOUT);
    return new Cancellation(complete, cancelled);
  }

  private boolean isCancelled(DeliveryReport delivery) throws SQLException {
    return delivery.status() == DeliveryStatus.CANCELLED
        || (!delivery.status().isSettled() && isCancelledElsewhere(delivery.id()));
  }

  private Optional<QueuedDelivery> cancel(NotificationReport report, DeliveryReport delivery)
      throws SQLException {
    Optional<QueuedDelivery> held = cancelHeld(delivery.id());
    if (held.isPresent() || owned.get(delivery.id()) != null) {
      return held;
    }
    Optional<QueuedDelivery> free = cancelFree(report, delivery.id());
    return free.isPresent() ? free : cancelHeld(delivery.id()); // it may just have been claimed
  }

  /** Cancels what this node holds, if it waits. */
  Optional<QueuedDelivery> cancelHeld(DeliveryId id) {
    OwnedDelivery delivery = owned.get(id);
    if (delivery == null || !lease.isTrusted(delivery.node())) {
      return Optional.empty();
    }
    Optional<QueuedDelivery> waiting = delivery.cancel(clock.millis());
    waiting.ifPresent(entry -> settlements.add(delivery));
    return waiting;
  }

  // --- What is free -----------------------------------------------------------------------------

  private Optional<QueuedDelivery> cancelFree(NotificationReport report, DeliveryId id)
      throws SQLException {
    try (HeldConnection held = new HeldConnection(source, dialect)) {
      return held.inTransaction(connection -> cancelFree(connection, report, id));
    }
  }

  private Optional<QueuedDelivery> cancelFree(
      Connection connection, NotificationReport report, DeliveryId id) throws SQLException {
    String sql =
        "SELECT fence, lane, step, step_since, attempts, made, due, mark FROM "
            + dialect.tables.queue()
            + " WHERE id = ? AND owner = 0";
    byte[] key = DeliveryKey.of(id);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || row.getInt(8) != 0) { // marked: it may have been sent
          return Optional.empty();
        }
        FinalRow end =
            FinalRow.cancelled(
                key,
                row.getInt(1),
                clock.millis(),
                row.getString(2),
                row.getInt(3),
                row.getInt(5),
                row.getInt(6));
        QueuedDelivery waiting =
            QueuedDelivery.restored(
                id,
                report.notification(),
                row.getInt(3),
                row.getInt(5),
                Instant.ofEpochMilli(row.getLong(7)),
                report.acceptedAt(),
                Instant.ofEpochMilli(row.getLong(4)),
                false);
        long taker = ThreadLocalRandom.current().nextLong(Long.MIN_VALUE, 0);
        if (dialect.lockFree(connection, List.of(key), taker).isEmpty()) {
          return Optional.empty();
        }
        if (!dialect.finish(connection, List.of(end), taker).isEmpty()) {
          throw new SQLException(
              "it was sent in vain since it was read, and is free again", REPEAT);
        }
        return Optional.of(waiting);
      }
    }
  }

  // --- What another node holds ------------------------------------------------------------------

  /** Asks the node that holds a delivery to cancel it; false if it does not, or not in time. */
  private boolean isCancelledElsewhere(DeliveryId id) throws SQLException {
    if (owned.get(id) != null) {
      return false; // it is being sent here
    }
    byte[] key = DeliveryKey.of(id);
    try (OpenConnection open = source.open()) {
      long owner = ownerOf(open.jdbc(), key);
      if (owner != 0 && owner != lease.node()) {
        ask(open.jdbc(), key, owner);
        awaitAnswer(open.jdbc(), key);
      }
      return statusOf(id) == DeliveryStatus.CANCELLED;
    }
  }

  private DeliveryStatus statusOf(DeliveryId id) {
    return reader
        .find(id.notification())
        .flatMap(report -> report.delivery(id))
        .map(DeliveryReport::status)
        .orElse(DeliveryStatus.QUEUED);
  }

  private long ownerOf(Connection connection, byte[] key) throws SQLException {
    String sql = "SELECT owner FROM " + dialect.tables.queue() + " WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private void ask(Connection connection, byte[] key, long owner) throws SQLException {
    String sql =
        "INSERT INTO " + dialect.tables.cancelRequest() + " (id, owner, asked_at) VALUES (?, ?, ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.setLong(2, owner);
      statement.setLong(3, clock.millis());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith("23")) { // somebody asks already
        throw e;
      }
    }
  }

  /** The node answers by taking the question away. */
  private void awaitAnswer(Connection connection, byte[] key) throws SQLException {
    String sql = "SELECT 1 FROM " + dialect.tables.cancelRequest() + " WHERE id = ?";
    long end = nanos.getAsLong() + PATIENCE.toNanos();
    boolean asked = true;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      while (asked && nanos.getAsLong() - end < 0 && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(this, ASK_EVERY_NANOS);
        statement.setBytes(1, key);
        try (ResultSet row = statement.executeQuery()) {
          asked = row.next();
        }
      }
    }
    withdraw(connection, key);
  }

  private void withdraw(Connection connection, byte[] key) throws SQLException {
    String sql = "DELETE FROM " + dialect.tables.cancelRequest() + " WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.executeUpdate();
    }
  }

  /** Does what other nodes ask for; returns what was cancelled. */
  List<QueuedDelivery> answerRequests() throws SQLException {
    List<byte[]> asked = new ArrayList<>();
    String sql = "SELECT id FROM " + dialect.tables.cancelRequest() + " WHERE owner = ?";
    try (OpenConnection open = source.open();
        PreparedStatement statement = open.jdbc().prepareStatement(sql)) {
      statement.setLong(1, lease.node());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          asked.add(row.getBytes(1));
        }
      }
      if (asked.isEmpty()) {
        return List.of();
      }
      List<QueuedDelivery> cancelled = new ArrayList<>();
      asked.forEach(key -> cancelHeld(DeliveryKey.delivery(key)).ifPresent(cancelled::add));
      settlements.awaitWritten(WRITE_TIMEOUT);
      for (byte[] key : asked) {
        withdraw(open.jdbc(), key);
      }
      return cancelled;
    }
  }
}
