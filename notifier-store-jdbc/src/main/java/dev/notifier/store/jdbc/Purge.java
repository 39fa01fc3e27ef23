package dev.notifier.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is older than it is kept: rows of the history with their attempts and bodies, and
 * what has expired in the small tables. Each step is a short transaction over at most 500 rows, by
 * ascending key; a round ends after a bounded number of them, and the next goes on.
 */
final class Purge {
  static final int STEP = 500;
  private static final int MAX_STEPS = 400;

  /** Longer than clocks of nodes and database differ. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** A question is withdrawn after seconds; what is left was asked by a process that died. */
  private static final Duration CANCEL_REQUEST_LIFE = Duration.ofMinutes(10);

  /** By then every node has read it. */
  private static final Duration LIFTED_SUPPRESSION_LIFE = Duration.ofDays(1);

  private final Dialect dialect;
  private final Tables tables;
  private final DatabaseClock clock;
  private final Duration historyAge;
  private final BooleanSupplier stopping;

  /**
   * Creates it.
   *
   * @param stopping asked before each step, so that a shutdown need not wait
   */
  Purge(Dialect dialect, DatabaseClock clock, Duration historyAge, BooleanSupplier stopping) {
    this.dialect = dialect;
    this.tables = dialect.tables;
    this.clock = clock;
    this.historyAge = historyAge;
    this.stopping = stopping;
  }

  /** What was settled before this time, in epoch milliseconds, need not be kept. */
  long oldest() {
    return clock.millis() - historyAge.toMillis();
  }

  // --- The history ------------------------------------------------------------------------------

  /** Deletes old rows of the history, wherever they lie. */
  void history(HeldConnection held) throws SQLException {
    repeat(held, new HistoryStep(oldest()));
  }

  /** Goes on behind the last row that it deleted. */
  private final class HistoryStep implements HeldConnection.Work<Integer> {
    private final long oldest;
    private byte[] last = new byte[DeliveryKey.LENGTH];

    HistoryStep(long oldest) {
      this.oldest = oldest;
    }

    @Override
    public Integer in(Connection connection) throws SQLException {
      List<byte[]> keys = dialect.settledBefore(connection, oldest, last, STEP);
      if (!keys.isEmpty()) {
        forget(connection, keys, oldest);
        deleteByKeys(connection, dialect.looseHistory(), "id", keys, " AND settled_at < ?", oldest);
        last = keys.get(keys.size() - 1);
      }
      return keys.size();
    }
  }

  /**
   * Deletes what belongs to rows of the history that are about to go.
   *
   * @param until rows settled before this time go as well
   */
  void forget(Connection connection, List<byte[]> keys, long until) throws SQLException {
    deleteByKeys(connection, tables.attempt(), "id", keys, "", null);
    deleteByKeys(connection, tables.tag(), "id", keys, "", null);
    dialect.forgetLookups(connection, keys);
    Set<byte[]> notifications = new TreeSet<>(Arrays::compareUnsigned);
    keys.forEach(key -> notifications.add(Arrays.copyOf(key, DeliveryKey.NOTIFICATION_LENGTH)));
    List<byte[]> bodies = bodiesAmong(connection, List.copyOf(notifications));
    if (!bodies.isEmpty()) {
      deleteBodies(connection, bodies, until);
    }
  }

  private List<byte[]> bodiesAmong(Connection connection, List<byte[]> notifications)
      throws SQLException {
    String sql =
        "SELECT id FROM "
            + tables.body()
            + " WHERE id IN ("
            + Dialect.marks(Dialect.padded(notifications.size()))
            + ") ORDER BY id";
    List<byte[]> bodies = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Dialect.bindPadded(statement, 1, notifications);
      readKeys(statement, bodies);
    }
    return bodies;
  }

  /** A body goes with the last delivery of its notification. */
  private void deleteBodies(Connection connection, List<byte[]> bodies, long until)
      throws SQLException {
    String sql =
        "DELETE FROM "
            + tables.body()
            + " WHERE id = ? AND NOT EXISTS (SELECT 1 FROM "
            + tables.queue()
            + " WHERE "
            + tables.owed()
            + "id BETWEEN ? AND ?) AND NOT EXISTS (SELECT 1 FROM "
            + tables.history()
            + " WHERE id BETWEEN ? AND ? AND settled_at >= ?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (byte[] body : bodies) {
        byte[] first = Arrays.copyOf(body, DeliveryKey.LENGTH);
        byte[] last = first.clone();
        last[DeliveryKey.NOTIFICATION_LENGTH] = (byte) 0xFF;
        statement.setBytes(1, body);
        statement.setBytes(2, first);
        statement.setBytes(3, last);
        statement.setBytes(4, first);
        statement.setBytes(5, last);
        statement.setLong(6, until);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  // --- Batches ----------------------------------------------------------------------------------

  /** Deletes old batches of which nothing is left, and that nobody reads. */
  void batches(HeldConnection held) throws SQLException {
    long oldest = oldest();
    BatchSql sql = new BatchSql(tables);
    held.inTransaction(
        connection -> {
          List<Long> old = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(sql.old())) {
            statement.setLong(1, oldest);
            try (ResultSet result = statement.executeQuery()) {
              while (result.next()) {
                old.add(result.getLong(1));
              }
            }
          }
          for (long group : old) {
            deleteIfNothingIsLeft(connection, sql, group);
          }
          return old.size();
        });
  }

  private static void deleteIfNothingIsLeft(Connection connection, BatchSql sql, long group)
      throws SQLException {
    Optional<BatchBounds> bounds = BatchBounds.of(connection, sql, group);
    if (bounds.isEmpty()) {
      return; // another node was quicker
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.deleteIfNothingIsLeft())) {
      statement.setLong(1, group);
      int next = bounds.get().bind(statement, 2);
      bounds.get().bind(statement, next);
      statement.executeUpdate();
    }
  }

  // --- The small tables -------------------------------------------------------------------------

  /** Deletes idempotency keys that are free again. */
  void idempotencyKeys(HeldConnection held) throws SQLException {
    expired(held, tables.dedup(), "key_hash", "expires_at", "", MARGIN);
  }

  /** Deletes updates of messages that never turned up. */
  void earlyUpdates(HeldConnection held) throws SQLException {
    expired(held, tables.earlyUpdate(), "key_hash", "expires_at", "", MARGIN);
  }

  /** Deletes questions whose asker is gone. */
  void cancelRequests(HeldConnection held) throws SQLException {
    expired(held, tables.cancelRequest(), "id", "asked_at", "", CANCEL_REQUEST_LIFE);
  }

  /** Deletes suppressions that were lifted so long ago that every node knows. */
  void liftedSuppressions(HeldConnection held) throws SQLException {
    expired(
        held,
        tables.suppression(),
        "address_hash",
        "changed_at",
        " AND active = 0",
        LIFTED_SUPPRESSION_LIFE);
  }

  private void expired(
      HeldConnection held, String table, String key, String time, String condition, Duration age)
      throws SQLException {
    long before = clock.millis() - age.toMillis();
    String sql =
        "SELECT "
            + key
            + " FROM "
            + table
            + " WHERE "
            + time
            + " < ?"
            + condition
            + " ORDER BY "
            + time
            + " LIMIT "
            + STEP;
    repeat(
        held,
        connection -> {
          List<byte[]> keys = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, before);
            readKeys(statement, keys);
          }
          if (!keys.isEmpty()) {
            keys.sort(Arrays::compareUnsigned);
            // Looked at again: it may have been renewed meanwhile.
            String still = condition + " AND " + time + " < ?";
            deleteByKeys(connection, table, key, keys, still, before);
          }
          return keys.size();
        });
  }

  // --- Steps ------------------------------------------------------------------------------------

  /** Repeats a step for as long as it finds all that it may take, but not for ever. */
  private void repeat(HeldConnection held, HeldConnection.Work<Integer> step) throws SQLException {
    int found = STEP;
    for (int i = 0; i < MAX_STEPS && found == STEP && !stopping.getAsBoolean(); i++) {
      found = held.inTransaction(step);
    }
  }

  static void readKeys(PreparedStatement statement, List<byte[]> keys) throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        keys.add(result.getBytes(1));
      }
    }
  }

  static void deleteByKeys(
      Connection connection,
      String table,
      String column,
      List<byte[]> keys,
      String condition,
      @Nullable Long time)
      throws SQLException {
    int width = Dialect.padded(keys.size());
    String sql =
        "DELETE FROM "
            + table
            + " WHERE "
            + column
            + " IN ("
            + Dialect.marks(width)
            + ")"
            + condition;
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Dialect.bindPadded(statement, 1, keys);
      if (time != null) {
        statement.setLong(width + 1, time);
      }
      statement.executeUpdate();
    }
  }
}
