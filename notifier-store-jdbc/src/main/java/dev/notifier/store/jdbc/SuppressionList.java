package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.Suppression;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The suppressed addresses. Asked before every attempt, so that a hash of each lies in memory (some
 * 50 bytes; the table is asked only for those that are in it) and what other nodes change is read
 * every second. Thread-safe.
 */
final class SuppressionList {
  /** Rows of transactions that began earlier may become visible later. */
  private static final long OVERLAP_MILLIS = 30_000;

  private final ConnectionSource source;
  private final Dialect dialect;
  private final Payloads payloads;
  private final LookupHash hash;
  private final Set<Long> known = ConcurrentHashMap.newKeySet();
  private long readUntil; // used by one thread

  SuppressionList(ConnectionSource source, Dialect dialect, Payloads payloads) {
    this.source = source;
    this.dialect = dialect;
    this.payloads = payloads;
    this.hash = payloads.hash();
  }

  /** Reads what has changed since the last time; called by one thread. */
  void refresh(Connection connection) throws SQLException {
    String sql =
        "SELECT address_hash, active, changed_at FROM "
            + dialect.tables.suppression()
            + " WHERE changed_at >= ? ORDER BY changed_at";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, readUntil - OVERLAP_MILLIS);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          note(result.getBytes(1), result.getInt(2) == 1);
          readUntil = Math.max(readUntil, result.getLong(3));
        }
      }
    }
  }

  private void note(byte[] addressHash, boolean active) {
    if (active) {
      known.add(shortened(addressHash));
    } else {
      known.remove(shortened(addressHash));
    }
  }

  private static long shortened(byte[] addressHash) {
    return ByteBuffer.wrap(addressHash).getLong();
  }

  /** Suppresses an address unless it is. */
  void add(Suppression suppression) throws SQLException {
    byte[] key = hash.address(suppression.address());
    try (OpenConnection open = source.open()) {
      if (reactivate(open.jdbc(), key, suppression) == 0 && !isActive(open.jdbc(), key)) {
        insert(open.jdbc(), key, suppression);
      }
      dialect.afterCommit(open.jdbc());
    }
    note(key, true);
  }

  private int reactivate(Connection connection, byte[] key, Suppression suppression)
      throws SQLException {
    String sql =
        "UPDATE "
            + dialect.tables.suppression()
            + " SET active = 1, reason = ?, since = ?, changed_at = "
            + dialect.nowMillis()
            + " WHERE address_hash = ? AND active = 0";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, ColumnText.reason(suppression.reason()));
      statement.setLong(2, suppression.since().toEpochMilli());
      statement.setBytes(3, key);
      return statement.executeUpdate();
    }
  }

  private boolean isActive(Connection connection, byte[] key) throws SQLException {
    return read(connection, " WHERE address_hash = ? AND active = 1", key, 1).size() == 1;
  }

  private void insert(Connection connection, byte[] key, Suppression suppression)
      throws SQLException {
    String sql =
        "INSERT INTO "
            + dialect.tables.suppression()
            + " (address_hash, lane, address, reason, since, active, changed_at) VALUES (?, ?, ?,"
            + " ?, ?, 1, "
            + dialect.nowMillis()
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, key);
      statement.setString(2, suppression.address().channel().value());
      statement.setBytes(3, payloads.protect(suppression.address(), key));
      statement.setString(4, ColumnText.reason(suppression.reason()));
      statement.setLong(5, suppression.since().toEpochMilli());
      statement.executeUpdate();
    } catch (SQLException e) {
      if (!String.valueOf(e.getSQLState()).startsWith("23")) { // another node was quicker
        throw e;
      }
    }
  }

  /** Allows an address; returns whether it was suppressed. */
  boolean remove(Address address) throws SQLException {
    byte[] key = hash.address(address);
    String sql =
        "UPDATE "
            + dialect.tables.suppression()
            + " SET active = 0, changed_at = "
            + dialect.nowMillis()
            + " WHERE address_hash = ? AND active = 1";
    try (OpenConnection open = source.open();
        PreparedStatement statement = open.jdbc().prepareStatement(sql)) {
      statement.setBytes(1, key);
      boolean removed = statement.executeUpdate() == 1;
      dialect.afterCommit(open.jdbc());
      note(key, false);
      return removed;
    }
  }

  /** Tells, without asking the table, whether an address may be in it. */
  boolean mayHold(Address address) {
    return !known.isEmpty() && known.contains(shortened(hash.address(address)));
  }

  Optional<Suppression> find(Address address) throws SQLException {
    if (!mayHold(address)) {
      return Optional.empty();
    }
    byte[] key = hash.address(address);
    try (OpenConnection open = source.open()) {
      return read(open.jdbc(), " WHERE address_hash = ? AND active = 1", key, 1).stream()
          .findFirst();
    }
  }

  List<Suppression> newest(int limit) throws SQLException {
    try (OpenConnection open = source.open()) {
      return read(open.jdbc(), " WHERE active = 1 ORDER BY active DESC, since DESC", null, limit);
    }
  }

  private List<Suppression> read(
      Connection connection, String which, byte @org.jspecify.annotations.Nullable [] key, int most)
      throws SQLException {
    String sql =
        "SELECT address_hash, lane, address, reason, since FROM "
            + dialect.tables.suppression()
            + which
            + " LIMIT ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (key != null) {
        statement.setBytes(1, key);
      }
      statement.setInt(key == null ? 1 : 2, most);
      List<Suppression> found = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          found.add(suppressionIn(result));
        }
      }
      return found;
    }
  }

  private Suppression suppressionIn(ResultSet row) throws SQLException {
    return new Suppression(
        payloads.address(row.getBytes(3), row.getBytes(1)),
        row.getString(4),
        Instant.ofEpochMilli(row.getLong(5)));
  }
}
