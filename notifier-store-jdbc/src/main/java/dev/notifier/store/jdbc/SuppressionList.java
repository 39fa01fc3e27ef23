package dev.notifier.store.jdbc;

import dev.notifier.Address;
import dev.notifier.Page;
import dev.notifier.Recipient;
import dev.notifier.Suppression;
import dev.notifier.SuppressionQuery;
import dev.notifier.SuppressionTarget;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is suppressed. Asked before every attempt, so that a hash of each target lies in memory
 * (some 50 bytes; the table is asked only for those that are in it) and what other nodes change is
 * read every second. Thread-safe.
 */
final class SuppressionList {
  private static final int MAX_TRIES = 5;
  private static final int HASH_LENGTH = 32;
  private static final Pattern CURSOR = Pattern.compile("(-?\\d{1,18})_([0-9a-f]{64})");
  private static final String COLUMNS = "address_hash, address, reason, source, since";

  private final ConnectionSource source;
  private final Dialect dialect;
  private final Payloads payloads;
  private final LookupHash hash;
  private final RecentChanges changes;
  private final Set<Long> known = ConcurrentHashMap.newKeySet();

  /** Whether there ever was a target that is not an address on its channel: most have none. */
  private volatile boolean hasWideOnes;

  SuppressionList(ConnectionSource source, Dialect dialect, Payloads payloads) {
    this.source = source;
    this.dialect = dialect;
    this.payloads = payloads;
    this.hash = payloads.hash();
    this.changes = new RecentChanges("address_hash, active, lane", dialect.tables.suppression());
  }

  // --- What lies in memory ----------------------------------------------------------------------

  /** Reads what has changed since the last time; called by one thread. */
  void refresh(Connection connection) throws SQLException {
    changes.read(
        connection, row -> note(row.getBytes(2), row.getInt(3) == 1, isWide(row.getString(4))));
  }

  private void note(byte[] key, boolean active, boolean wide) {
    if (wide) {
      hasWideOnes = true;
    }
    if (active) {
      known.add(shortened(key));
    } else {
      known.remove(shortened(key));
    }
  }

  private static long shortened(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  /** The channel; {@code *} for all. A recipient has a mark behind it, which no channel has. */
  private static String lane(SuppressionTarget target) {
    String lane = target.channel().map(channel -> channel.value()).orElse("*");
    return target.isRecipient() ? lane + "#" : lane;
  }

  private static boolean isWide(String lane) {
    return lane.equals("*") || lane.endsWith("#");
  }

  /** Returns the targets in the way of a message that may be in the table, without asking it. */
  List<SuppressionTarget> candidates(Recipient recipient, Address address) {
    if (known.isEmpty()) {
      return List.of();
    }
    List<SuppressionTarget> targets =
        hasWideOnes
            ? SuppressionTarget.covering(recipient, address)
            : List.of(SuppressionTarget.of(address));
    return targets.stream().filter(this::mayHold).toList();
  }

  private boolean mayHold(SuppressionTarget target) {
    return known.contains(shortened(hash.target(target)));
  }

  // --- Changing ---------------------------------------------------------------------------------

  /** Suppresses all of these that are not yet, or none; returns how many were not. */
  int addAll(List<Suppression> suppressions) throws SQLException {
    if (suppressions.isEmpty()) {
      return 0;
    }
    SortedMap<byte[], Suppression> byKey = new TreeMap<>(Arrays::compareUnsigned); // no deadlocks
    for (Suppression suppression : suppressions) {
      byKey.putIfAbsent(hash.target(suppression.target()), suppression);
    }
    int added = write(byKey);
    byKey.forEach((key, entry) -> note(key, true, isWide(lane(entry.target()))));
    return added;
  }

  private int write(SortedMap<byte[], Suppression> byKey) throws SQLException {
    for (int tries = 1; ; tries++) {
      try (HeldConnection held = new HeldConnection(source, dialect)) {
        return held.inTransaction(connection -> write(connection, byKey));
      } catch (SQLException e) {
        if (tries == MAX_TRIES || !Questions.isDuplicate(e)) { // another node was quicker
          throw e;
        }
      }
    }
  }

  private int write(Connection connection, SortedMap<byte[], Suppression> byKey)
      throws SQLException {
    Map<byte[], Boolean> isActive = activity(connection, List.copyOf(byKey.keySet()));
    SortedMap<byte[], Suppression> fresh = new TreeMap<>(byKey);
    fresh.keySet().removeAll(isActive.keySet());
    SortedMap<byte[], Suppression> lifted = new TreeMap<>(byKey);
    lifted.keySet().removeIf(key -> isActive.getOrDefault(key, true));
    insert(connection, fresh);
    reactivate(connection, lifted);
    return fresh.size() + lifted.size();
  }

  /** Tells for each of these that is in the table whether it is active. */
  private Map<byte[], Boolean> activity(Connection connection, List<byte[]> keys)
      throws SQLException {
    String sql =
        "SELECT address_hash, active FROM "
            + dialect.tables.suppression()
            + " WHERE address_hash IN ("
            + Dialect.marks(Dialect.padded(keys.size()))
            + ")";
    Map<byte[], Boolean> isActive = new TreeMap<>(Arrays::compareUnsigned);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Dialect.bindPadded(statement, 1, keys);
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          isActive.put(result.getBytes(1), result.getInt(2) == 1);
        }
      }
    }
    return isActive;
  }

  private void insert(Connection connection, Map<byte[], Suppression> fresh) throws SQLException {
    String sql =
        "INSERT INTO "
            + dialect.tables.suppression()
            + " (reason, source, since, lane, address, address_hash, active, changed_at) VALUES ("
            + Dialect.marks(6)
            + ", 1, "
            + dialect.nowMillis()
            + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Map.Entry<byte[], Suppression> entry : fresh.entrySet()) {
        SuppressionTarget target = entry.getValue().target();
        bind(statement, entry.getValue());
        statement.setString(4, lane(target));
        statement.setBytes(5, payloads.protect(target, entry.getKey()));
        statement.setBytes(6, entry.getKey());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private void reactivate(Connection connection, Map<byte[], Suppression> lifted)
      throws SQLException {
    String sql =
        "UPDATE "
            + dialect.tables.suppression()
            + " SET active = 1, reason = ?, source = ?, since = ?, changed_at = "
            + dialect.nowMillis()
            + " WHERE address_hash = ? AND active = 0";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (Map.Entry<byte[], Suppression> entry : lifted.entrySet()) {
        bind(statement, entry.getValue());
        statement.setBytes(4, entry.getKey());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  private static void bind(PreparedStatement statement, Suppression suppression)
      throws SQLException {
    statement.setString(1, ColumnText.reason(suppression.reason()));
    statement.setShort(2, Codes.of(suppression.source()));
    statement.setLong(3, suppression.since().toEpochMilli());
  }

  /** Lifts a suppression; returns whether it was there. */
  boolean remove(SuppressionTarget target) throws SQLException {
    byte[] key = hash.target(target);
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
      note(key, false, false);
      return removed;
    }
  }

  // --- Looking ----------------------------------------------------------------------------------

  /** Returns the first of these that is suppressed, by the table. */
  Optional<Suppression> find(List<SuppressionTarget> targets) throws SQLException {
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM "
            + dialect.tables.suppression()
            + " WHERE address_hash = ? AND active = 1";
    try (OpenConnection open = source.open();
        PreparedStatement statement = open.jdbc().prepareStatement(sql)) {
      for (SuppressionTarget target : targets) {
        statement.setBytes(1, hash.target(target));
        try (ResultSet result = statement.executeQuery()) {
          if (result.next()) {
            return Optional.of(suppressionIn(result));
          }
        }
      }
    }
    return Optional.empty();
  }

  Page<Suppression> list(SuppressionQuery query) throws SQLException {
    try (OpenConnection open = source.open()) {
      return TablePage.of(
          query.cursor(),
          query.limit(),
          query::matches,
          (cursor, count) -> step(open.jdbc(), cursor, count));
    }
  }

  static String pageSql(Tables tables) {
    return "SELECT "
        + COLUMNS
        + " FROM "
        + tables.suppression()
        + " WHERE active = 1 AND since <= ? AND (since < ? OR address_hash < ?)"
        + " ORDER BY active DESC, since DESC, address_hash DESC LIMIT ?";
  }

  private List<TablePage.Row<Suppression>> step(
      Connection connection, Optional<String> cursor, int count) throws SQLException {
    String sql = pageSql(dialect.tables);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bindPosition(statement, cursor);
      statement.setInt(4, count);
      List<TablePage.Row<Suppression>> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          String next = result.getLong(5) + "_" + HexFormat.of().formatHex(result.getBytes(1));
          rows.add(new TablePage.Row<>(next, suppressionIn(result)));
        }
      }
      return rows;
    }
  }

  private static void bindPosition(PreparedStatement statement, Optional<String> cursor)
      throws SQLException {
    long since = Long.MAX_VALUE;
    byte[] key = new byte[HASH_LENGTH];
    if (cursor.isPresent()) {
      Matcher matcher = CURSOR.matcher(cursor.get());
      if (!matcher.matches()) {
        throw TablePage.badCursor();
      }
      since = Long.parseLong(matcher.group(1));
      key = HexFormat.of().parseHex(matcher.group(2));
    }
    statement.setLong(1, since);
    statement.setLong(2, since);
    statement.setBytes(3, key);
  }

  private Suppression suppressionIn(ResultSet row) throws SQLException {
    return new Suppression(
        payloads.target(row.getBytes(2), row.getBytes(1)),
        row.getString(3),
        Codes.source(row.getInt(4)),
        Instant.ofEpochMilli(row.getLong(5)));
  }
}
