package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.StoreException;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Forgets settled notifications when an operator says so, each as a whole: by age and state, along
 * an index from the oldest on, or one. {@link Purge} does what happens by itself. Thread-safe.
 */
final class Forgetting {
  private static final int LOOKED_AT = 1000;
  private static final int AT_ONCE = 500;

  private final ConnectionSource source;
  private final Dialect dialect;
  private final HistorySql sql;
  private final Payloads payloads;
  private final Purge purge;
  private final PurgeMark mark;

  Forgetting(
      ConnectionSource source,
      Dialect dialect,
      TablePrefix prefix,
      Payloads payloads,
      Purge purge,
      PurgeMark mark) {
    this.source = source;
    this.dialect = dialect;
    this.sql = new HistorySql(prefix, source.kind());
    this.payloads = payloads;
    this.purge = purge;
    this.mark = mark;
  }

  /** A settled delivery. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Settled(byte[] key, DeliveryStatus status, long settledAt, int legs) {
    NotificationId notification() {
      return DeliveryKey.delivery(key).notification();
    }
  }

  // --- By age and state -------------------------------------------------------------------------

  /** Looks at the next 1,000 deliveries, and forgets what is to go in transactions of 500. */
  PurgeStep purge(PurgeRequest request) throws SQLException {
    try (HeldConnection held = new HeldConnection(source, dialect)) {
      List<Settled> seen = held.inTransaction(connection -> look(connection, request));
      List<byte[]> candidates =
          seen.stream().filter(row -> mayGo(request, row)).map(Settled::key).toList();
      int forgotten = 0;
      for (List<byte[]> some : slices(candidates)) {
        forgotten += held.inTransaction(connection -> forget(connection, request, some));
      }
      return new PurgeStep(forgotten, next(seen));
    }
  }

  private static boolean mayGo(PurgeRequest request, Settled row) {
    return request.statuses().contains(row.status()) && isOld(request, row);
  }

  private static boolean isOld(PurgeRequest request, Settled row) {
    return row.settledAt() < request.settledBefore().toEpochMilli();
  }

  private static Optional<DeliveryId> next(List<Settled> seen) {
    return seen.size() < LOOKED_AT
        ? Optional.empty()
        : Optional.of(DeliveryKey.delivery(seen.get(seen.size() - 1).key()));
  }

  /** What failed has an index by state; in what was sent nearly every row is in the same one. */
  private List<Settled> look(Connection connection, PurgeRequest request) throws SQLException {
    boolean isLed = request.statuses().stream().noneMatch(HistoryWalk.SUCCESSES::contains);
    List<Integer> leading = isLed ? HistoryWalk.codes(request.statuses()) : List.of();
    byte[] after = request.after().map(DeliveryKey::of).orElse(new byte[DeliveryKey.LENGTH]);
    // What was settled before a time was accepted before it.
    byte[] end = HistoryWalk.keyAt(request.settledBefore(), HistoryWalk.CLOCK_STEP);
    try (PreparedStatement statement = connection.prepareStatement(sql.settledSteps(leading))) {
      int next = 1;
      for (int branch = 0; branch < Math.max(1, leading.size()); branch++) {
        statement.setBytes(next++, after);
        statement.setBytes(next++, end);
        statement.setInt(next++, LOOKED_AT);
      }
      if (leading.size() > 1) {
        statement.setInt(next, LOOKED_AT);
      }
      List<Settled> seen = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          seen.add(new Settled(row.getBytes(1), Codes.status(row.getInt(2)), row.getLong(3), 1));
        }
      }
      return seen;
    }
  }

  private int forget(Connection connection, PurgeRequest request, List<byte[]> candidates)
      throws SQLException {
    Map<NotificationId, List<Settled>> going = new LinkedHashMap<>();
    Set<byte[]> legsOfFanOuts = new TreeSet<>(Arrays::compareUnsigned);
    for (Settled row : settled(connection, candidates)) {
      if (row.legs() == 1) {
        going.put(row.notification(), List.of(row));
      } else {
        legsOfFanOuts.addAll(keysOfLegs(row));
      }
    }
    if (!legsOfFanOuts.isEmpty()) {
      going.putAll(fanOuts(connection, request, List.copyOf(legsOfFanOuts)));
    }
    List<byte[]> keys =
        going.values().stream()
            .flatMap(List::stream)
            .map(Settled::key)
            .sorted(Arrays::compareUnsigned)
            .toList();
    delete(connection, keys);
    return going.size();
  }

  private static List<byte[]> keysOfLegs(Settled row) {
    List<byte[]> keys = new ArrayList<>();
    for (int leg = 0; leg < row.legs(); leg++) {
      keys.add(DeliveryKey.of(new DeliveryId(row.notification(), leg)));
    }
    return keys;
  }

  /** Returns the deliveries of those fan-outs that go as a whole. */
  private Map<NotificationId, List<Settled>> fanOuts(
      Connection connection, PurgeRequest request, List<byte[]> legs) throws SQLException {
    Map<NotificationId, List<Settled>> fanOuts = new LinkedHashMap<>();
    for (Settled row : settled(connection, legs)) {
      fanOuts.computeIfAbsent(row.notification(), id -> new ArrayList<>()).add(row);
    }
    for (byte[] owed : owed(connection, legs)) {
      fanOuts.remove(DeliveryKey.delivery(owed).notification());
    }
    fanOuts.values().removeIf(rows -> !goesAsAWhole(request, rows));
    return fanOuts;
  }

  private static boolean goesAsAWhole(PurgeRequest request, List<Settled> rows) {
    DeliveryStatus status =
        NotificationReport.statusOf(rows.stream().map(Settled::status).toList());
    return request.statuses().contains(status)
        && rows.stream().allMatch(row -> isOld(request, row));
  }

  private List<Settled> settled(Connection connection, List<byte[]> keys) throws SQLException {
    List<Settled> found = new ArrayList<>();
    for (List<byte[]> some : slices(keys)) {
      String in = sql.settledIn(Dialect.padded(some.size()));
      try (PreparedStatement statement = connection.prepareStatement(in)) {
        Dialect.bindPadded(statement, 1, some);
        try (ResultSet row = statement.executeQuery()) {
          while (row.next()) {
            byte[] key = row.getBytes(1);
            int legs = legs(key, row.getBytes(4));
            found.add(new Settled(key, Codes.status(row.getInt(2)), row.getLong(3), legs));
          }
        }
      }
    }
    return found;
  }

  private List<byte[]> owed(Connection connection, List<byte[]> keys) throws SQLException {
    List<byte[]> found = new ArrayList<>();
    for (List<byte[]> some : slices(keys)) {
      String in = sql.owedIn(Dialect.padded(some.size()));
      try (PreparedStatement statement = connection.prepareStatement(in)) {
        Dialect.bindPadded(statement, 1, some);
        Purge.readKeys(statement, found);
      }
    }
    return found;
  }

  /** As many keys as a statement takes: fan-outs may have many legs. */
  private static List<List<byte[]>> slices(List<byte[]> keys) {
    List<List<byte[]>> slices = new ArrayList<>();
    for (int start = 0; start < keys.size(); start += AT_ONCE) {
      slices.add(keys.subList(start, Math.min(start + AT_ONCE, keys.size())));
    }
    return slices;
  }

  /** What nobody can read any more must be possible to purge: it counts for itself. */
  private int legs(byte[] key, byte[] envelope) {
    try {
      return payloads.decode(key, envelope, null).route().legs().size();
    } catch (StoreException e) {
      return 1;
    }
  }

  // --- One --------------------------------------------------------------------------------------

  /** Forgets a notification; false if there is none, or a delivery of it is owed. */
  boolean forget(NotificationId id) throws SQLException {
    try (HeldConnection held = new HeldConnection(source, dialect)) {
      return held.inTransaction(
          connection -> {
            if (!between(connection, sql.owedBetween(), id).isEmpty()) {
              return false;
            }
            List<byte[]> keys = between(connection, sql.settledBetween(), id);
            delete(connection, keys);
            return !keys.isEmpty();
          });
    }
  }

  private static List<byte[]> between(Connection connection, String question, NotificationId id)
      throws SQLException {
    List<byte[]> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(question)) {
      statement.setBytes(1, DeliveryKey.first(id));
      statement.setBytes(2, DeliveryKey.last(id));
      Purge.readKeys(statement, found);
    }
    return found;
  }

  /** Takes keys in ascending order. The deliveries go first: a body does when none is left. */
  private void delete(Connection connection, List<byte[]> keys) throws SQLException {
    if (!keys.isEmpty()) {
      mark.raise(connection, keys.get(keys.size() - 1));
    }
    for (List<byte[]> some : slices(keys)) {
      Purge.deleteByKeys(connection, dialect.tables.history(), "id", some, "", null);
    }
    for (List<byte[]> some : slices(keys)) {
      purge.forget(connection, some, Long.MIN_VALUE);
    }
  }
}
