package dev.notifier.store.jdbc;

import dev.notifier.BatchReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.NotificationId;
import dev.notifier.store.jdbc.HistorySql.Lead;
import dev.notifier.store.jdbc.HistorySql.Walk;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Walks along an index from the newest delivery to older ones, in steps of a bounded size, and
 * picks what a query asks for. What no index leads to (channel, time in the end, states that most
 * deliveries are in) is compared row by row; when too many were looked at, the page ends early.
 */
final class HistoryWalk {
  private static final int STEP = 1000;
  private static final int MAX_LOOKED_AT = 10_000;

  /** Ids may run ahead of the clock when it is set back; by more than this it is not looked for. */
  static final Duration CLOCK_STEP = Duration.ofSeconds(10);

  /** The run of a schedule has its own time in its id, or one that is older by a second at most. */
  static final Duration LATE_RUN = Duration.ofSeconds(3);

  /** In 48 bits there is room for more, but not for ever. */
  private static final Instant LAST_TIME = Instant.ofEpochMilli(1L << 47);

  static final Set<DeliveryStatus> SUCCESSES =
      Set.of(DeliveryStatus.SENT, DeliveryStatus.DELIVERED);

  private final HistorySql sql;
  private final BatchSql batches;
  private final LookupHash hash;
  private final Places places;
  private final BiFunction<DeliveryId, DeliveryStatus, DeliveryStatus> statusNow;

  HistoryWalk(
      HistorySql sql,
      BatchSql batches,
      LookupHash hash,
      Places places,
      BiFunction<DeliveryId, DeliveryStatus, DeliveryStatus> statusNow) {
    this.sql = sql;
    this.batches = batches;
    this.hash = hash;
    this.places = places;
    this.statusNow = statusNow;
  }

  /**
   * What was found.
   *
   * @param keys a delivery for each notification, newest first
   * @param next where to go on; empty at the end
   */
  record Found(List<byte[]> keys, Optional<String> next) {}

  /** Returns a delivery of each of the newest notifications that failed. */
  List<byte[]> failed(Connection connection, int limit) throws SQLException {
    HistoryQuery query = HistoryQuery.builder().status(DeliveryStatus.FAILED).build();
    return walk(connection, query, limit, Integer.MAX_VALUE).keys();
  }

  Found search(Connection connection, HistoryQuery query) throws SQLException {
    return walk(connection, query, query.pageSize(), MAX_LOOKED_AT);
  }

  private Found walk(Connection connection, HistoryQuery query, int size, int maxLookedAt)
      throws SQLException {
    Walk walk = walkFor(query);
    byte[] oldest = oldest(query);
    byte[] before = before(query);
    if (query.batch().isPresent()) {
      long group = BatchReport.groupOf(query.batch().get());
      Optional<BatchBounds> batch = BatchBounds.of(connection, batches, group);
      if (batch.isEmpty()) {
        return new Found(List.of(), Optional.empty());
      }
      oldest = later(oldest, batch.get().from());
      before = earlier(before, batch.get().before());
    }
    int step = Math.min(STEP, Math.max(100, 2 * size));
    List<byte[]> picked = new ArrayList<>();
    NotificationId last = null;
    for (int lookedAt = 0; ; lookedAt += step) {
      if (lookedAt >= maxLookedAt) {
        return new Found(picked, Optional.of(cursor(before, last)));
      }
      List<Row> rows = step(connection, walk, query, oldest, before, step);
      for (Row row : rows) {
        NotificationId id = row.id().notification();
        if (!id.equals(last) && matches(query, row)) {
          if (picked.size() == size) {
            return new Found(picked, Optional.of(cursor(before, last)));
          }
          picked.add(DeliveryKey.of(row.id()));
          last = id;
        }
        before = DeliveryKey.of(row.id());
      }
      if (rows.size() < step) {
        return new Found(picked, Optional.empty());
      }
    }
  }

  /** Where the next page begins: below what was looked at, and not within what was picked last. */
  private static String cursor(byte[] before, @Nullable NotificationId last) {
    DeliveryId position = DeliveryKey.delivery(before);
    boolean within = position.notification().equals(last);
    return (within ? new DeliveryId(position.notification(), 0) : position).toString();
  }

  private boolean matches(HistoryQuery query, Row row) {
    ChannelId lane = row.lane();
    return lane != null
        && query.isOfBatch(row.id().notification())
        && query.matches(lane, statusNow.apply(row.id(), row.status()))
        && query.acceptedFrom().filter(row.acceptedAt()::isBefore).isEmpty()
        && query.acceptedTo().filter(time -> !row.acceptedAt().isBefore(time)).isEmpty();
  }

  // --- Where to go ------------------------------------------------------------------------------

  private static Walk walkFor(HistoryQuery query) {
    Set<DeliveryStatus> wanted = query.statuses();
    boolean inHistory = wanted.isEmpty() || wanted.stream().anyMatch(DeliveryStatus::isSettled);
    boolean inQueue = wanted.isEmpty() || !wanted.stream().allMatch(DeliveryStatus::isSettled);
    if (query.recipientKey().isPresent()) {
      return new Walk(Lead.RECIPIENT, List.of(), inHistory, inQueue);
    }
    if (query.correlationId().isPresent()) {
      return new Walk(Lead.CORRELATION, List.of(), inHistory, inQueue);
    }
    if (!query.tags().isEmpty()) {
      return new Walk(Lead.TAG, List.of(), inHistory, inQueue);
    }
    boolean troubleOnly =
        !inQueue && !wanted.isEmpty() && wanted.stream().noneMatch(SUCCESSES::contains);
    return troubleOnly
        ? new Walk(Lead.STATUS, codes(wanted), true, false)
        : new Walk(Lead.ID, List.of(), inHistory, inQueue);
  }

  static List<Integer> codes(Set<DeliveryStatus> statuses) {
    return statuses.stream().map(status -> (int) Codes.of(status)).sorted().toList();
  }

  private static byte[] oldest(HistoryQuery query) {
    Instant from = query.acceptedFrom().orElse(Instant.MIN);
    Instant first = Instant.EPOCH.plus(LATE_RUN);
    return keyAt(from.isBefore(first) ? Instant.EPOCH : from.minus(LATE_RUN), Duration.ZERO);
  }

  private static byte[] before(HistoryQuery query) {
    byte[] end = new byte[DeliveryKey.LENGTH];
    Arrays.fill(end, (byte) 0xFF);
    byte[] byTime = query.acceptedTo().map(time -> keyAt(time, CLOCK_STEP)).orElse(end);
    byte[] byCursor = query.before().map(DeliveryKey::of).orElse(end);
    return earlier(byTime, byCursor);
  }

  private static byte[] earlier(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) < 0 ? a : b;
  }

  private static byte[] later(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b) < 0 ? b : a;
  }

  /** The first 48 bits of an id are the milliseconds of its time (RFC 9562, 5.7). */
  static byte[] keyAt(Instant time, Duration later) {
    Instant known = time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time;
    Instant bounded = known.isAfter(LAST_TIME) ? LAST_TIME : known.plus(later);
    return DeliveryKey.first(new NotificationId(new UUID(bounded.toEpochMilli() << 16, 0)));
  }

  // --- A step -----------------------------------------------------------------------------------

  /** What is compared of a delivery; it has no lane if it has gone between two statements. */
  private record Row(
      DeliveryId id, @Nullable ChannelId lane, Instant acceptedAt, DeliveryStatus status) {
    static Row read(ResultSet found) throws SQLException {
      return new Row(
          DeliveryKey.delivery(found.getBytes(1)),
          ChannelId.of(found.getString(2)),
          Instant.ofEpochMilli(found.getLong(3)),
          Codes.status(found.getInt(4)));
    }

    static Row gone(DeliveryId id) {
      return new Row(id, null, Instant.EPOCH, DeliveryStatus.QUEUED);
    }
  }

  private List<Row> step(
      Connection connection, Walk walk, HistoryQuery query, byte[] oldest, byte[] before, int step)
      throws SQLException {
    if (walk.lead() == Lead.TAG || (sql.usesLookups() && walk.lead() != Lead.ID)) {
      return found(connection, keys(connection, walk, query, oldest, before, step));
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.steps(walk))) {
      bind(statement, walk, query, oldest, before, step);
      List<Row> rows = new ArrayList<>();
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          rows.add(Row.read(found));
        }
      }
      return rows;
    }
  }

  private List<byte[]> keys(
      Connection connection, Walk walk, HistoryQuery query, byte[] oldest, byte[] before, int step)
      throws SQLException {
    return switch (walk.lead()) {
      case RECIPIENT ->
          places.keysOf(
              connection, hash.recipient(query.recipientKey().orElseThrow()), oldest, before, step);
      case CORRELATION -> {
        long correlation = hash.correlation(query.correlationId().orElseThrow());
        yield keys(connection, sql.foundKeys(), correlation, oldest, before, step);
      }
      case TAG -> {
        long tag = hash.tag(query.tags().iterator().next());
        yield keys(connection, sql.taggedKeys(), tag, oldest, before, step);
      }
      case STATUS -> {
        TreeSet<byte[]> newest = new TreeSet<>(Arrays::compareUnsigned);
        for (int status : walk.statuses()) {
          newest.addAll(keys(connection, sql.foundKeys(), status, oldest, before, step));
        }
        yield newest.descendingSet().stream().limit(step).toList();
      }
      case ID -> throw new IllegalArgumentException("keys are found by themselves");
    };
  }

  private static List<byte[]> keys(
      Connection connection, String sql, long hash, byte[] oldest, byte[] before, int step)
      throws SQLException {
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, hash);
      statement.setBytes(2, oldest);
      statement.setBytes(3, before);
      statement.setInt(4, step);
      Purge.readKeys(statement, keys);
    }
    return keys;
  }

  /** By their keys, since a planner that joins the tables may think of reading all of them. */
  private List<Row> found(Connection connection, List<byte[]> keys) throws SQLException {
    Map<DeliveryId, Row> found = new HashMap<>();
    for (int from = 0; from < keys.size(); from += HistoryReader.MAX_KEYS) {
      List<byte[]> some = keys.subList(from, Math.min(keys.size(), from + HistoryReader.MAX_KEYS));
      int width = HistoryReader.width(some.size());
      try (PreparedStatement statement = connection.prepareStatement(sql.stepsIn(width))) {
        HistoryReader.bindKeys(statement, 1, width, some);
        HistoryReader.bindKeys(statement, 1 + width, width, some);
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            Row row = Row.read(rows);
            found.put(row.id(), row);
          }
        }
      }
    }
    return keys.stream()
        .map(DeliveryKey::delivery)
        .map(id -> found.getOrDefault(id, Row.gone(id)))
        .toList();
  }

  private void bind(
      PreparedStatement statement,
      Walk walk,
      HistoryQuery query,
      byte[] oldest,
      byte[] before,
      int step)
      throws SQLException {
    int next = 1;
    for (int branch = 0; branch < sql.branches(walk); branch++) {
      switch (walk.lead()) {
        case RECIPIENT ->
            statement.setLong(next++, hash.recipient(query.recipientKey().orElseThrow()));
        case CORRELATION ->
            statement.setLong(next++, hash.correlation(query.correlationId().orElseThrow()));
        default -> {}
      }
      statement.setBytes(next++, oldest);
      statement.setBytes(next++, before);
      statement.setInt(next++, step);
    }
    if (sql.branches(walk) > 1) {
      statement.setInt(next, step);
    }
  }
}
