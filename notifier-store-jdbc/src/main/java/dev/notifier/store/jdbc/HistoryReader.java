package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers what became of notifications, out of queue and history. It never scans: each question
 * follows an index, and a search looks at a bounded number of rows for a page. Thread-safe.
 */
final class HistoryReader {
  /** As many keys as a statement takes; the rest is asked for by another one. */
  static final int MAX_KEYS = 256;

  private final ConnectionSource source;
  private final HistorySql sql;
  private final Payloads payloads;
  private final Function<DeliveryId, Optional<Held>> held;
  private final HistoryWalk walk;

  /**
   * What a node knows of a delivery that it has in hand and that is not settled.
   *
   * @param status QUEUED, SENDING or SCHEDULED
   */
  record Held(DeliveryStatus status, String reason) {}

  /** Creates a reader; {@code held} must answer at once. */
  HistoryReader(
      ConnectionSource source,
      TablePrefix prefix,
      Payloads payloads,
      Function<DeliveryId, Optional<Held>> held) {
    this.source = source;
    this.sql = new HistorySql(prefix, source.kind());
    this.payloads = payloads;
    this.held = held;
    this.walk =
        new HistoryWalk(
            sql,
            new BatchSql(Tables.of(prefix, source.kind())),
            payloads.hash(),
            new Places(Tables.of(prefix, source.kind())),
            this::statusNow);
  }

  private DeliveryStatus statusNow(DeliveryId id, DeliveryStatus stored) {
    return stored.isSettled() ? stored : held.apply(id).map(Held::status).orElse(stored);
  }

  // --- Questions --------------------------------------------------------------------------------

  /** Returns what is known of a notification. */
  Optional<NotificationReport> find(NotificationId id) {
    return asking(
        "find",
        connection -> {
          List<StoredDelivery> rows = new ArrayList<>();
          try (PreparedStatement statement = connection.prepareStatement(sql.deliveriesBetween())) {
            for (int branch = 0; branch < 2; branch++) {
              statement.setBytes(2 * branch + 1, DeliveryKey.first(id));
              statement.setBytes(2 * branch + 2, DeliveryKey.last(id));
            }
            collect(statement, rows);
          }
          return reports(connection, rows).stream().findFirst();
        });
  }

  /** Returns the newest notifications of which a delivery failed, newest first. */
  List<NotificationReport> deadLetters(int limit) {
    return asking(
        "deadLetters",
        connection -> load(connection, walk.failed(connection, limit), report -> true));
  }

  /** Returns a page of what the query matches, newest first. */
  Page<NotificationReport> search(HistoryQuery query) {
    return asking(
        "search",
        connection -> {
          HistoryWalk.Found found = walk.search(connection, query);
          return new Page<>(load(connection, found.keys(), query::matches), found.next());
        });
  }

  /** Returns the newest settled delivery that a provider knows by this id. */
  Optional<DeliveryId> byProviderId(ChannelId channel, String messageId) {
    return asking(
        "callback",
        connection -> {
          byte[] newest = null;
          try (PreparedStatement statement = connection.prepareStatement(sql.byProviderId())) {
            String stored = ColumnText.providerId(messageId);
            statement.setString(1, stored);
            statement.setString(2, channel.value());
            if (sql.usesLookups()) {
              statement.setLong(3, LookupHash.reference(channel.value(), stored));
            }
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                byte[] key = rows.getBytes(1);
                newest = newest == null || Arrays.compareUnsigned(key, newest) > 0 ? key : newest;
              }
            }
          }
          return Optional.ofNullable(newest).map(DeliveryKey::delivery);
        });
  }

  /** What is done with a connection. */
  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  private <T> T asking(String operation, Question<T> question) {
    try (OpenConnection connection = source.open()) {
      return question.ask(connection.jdbc());
    } catch (SQLException e) {
      throw new StoreException(
          operation + " failed: the database answered " + e.getSQLState() + "; try again later", e);
    }
  }

  // --- Loading ----------------------------------------------------------------------------------

  private List<NotificationReport> load(
      Connection connection, List<byte[]> keys, Predicate<NotificationReport> condition)
      throws SQLException {
    List<NotificationReport> reports = new ArrayList<>(keys.size());
    for (int start = 0; start < keys.size(); start += MAX_KEYS) {
      List<byte[]> some = keys.subList(start, Math.min(start + MAX_KEYS, keys.size()));
      reports(connection, deliveries(connection, some)).stream()
          .filter(condition)
          .forEach(reports::add);
    }
    return reports;
  }

  /** Returns the deliveries with these keys, and the other deliveries of their notifications. */
  private List<StoredDelivery> deliveries(Connection connection, List<byte[]> keys)
      throws SQLException {
    List<StoredDelivery> rows = deliveriesIn(connection, keys);
    List<byte[]> others = new ArrayList<>();
    for (StoredDelivery row : rows) {
      Notification notification = payloads.decode(row.key(), row.envelope(), null);
      int legs = notification.route().legs().size();
      for (int leg = 0; leg < legs; leg++) {
        if (leg != row.id().leg()) {
          others.add(DeliveryKey.of(new DeliveryId(row.id().notification(), leg)));
        }
      }
    }
    for (int start = 0; start < others.size(); start += MAX_KEYS) {
      rows.addAll(
          deliveriesIn(
              connection, others.subList(start, Math.min(start + MAX_KEYS, others.size()))));
    }
    return rows;
  }

  private List<StoredDelivery> deliveriesIn(Connection connection, List<byte[]> keys)
      throws SQLException {
    List<StoredDelivery> rows = new ArrayList<>();
    int width = width(keys.size());
    try (PreparedStatement statement = connection.prepareStatement(sql.deliveriesIn(width))) {
      bindKeys(statement, 1, width, keys);
      bindKeys(statement, 1 + width, width, keys);
      collect(statement, rows);
    }
    return rows;
  }

  private static void collect(PreparedStatement statement, List<StoredDelivery> rows)
      throws SQLException {
    try (ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        rows.add(new StoredDelivery(found));
      }
    }
  }

  /** Few sizes, so that few statements have to be prepared. */
  static int width(int keys) {
    return keys <= 1 ? 1 : keys <= 16 ? 16 : keys <= 64 ? 64 : MAX_KEYS;
  }

  /** Fills up with the last key, which changes nothing. */
  static void bindKeys(PreparedStatement statement, int first, int width, List<byte[]> keys)
      throws SQLException {
    for (int i = 0; i < width; i++) {
      statement.setBytes(first + i, keys.get(Math.min(i, keys.size() - 1)));
    }
  }

  // --- Putting together -------------------------------------------------------------------------

  /** Returns the reports of the notifications that the rows belong to, newest first. */
  private List<NotificationReport> reports(Connection connection, List<StoredDelivery> rows)
      throws SQLException {
    Map<DeliveryId, List<AttemptReport>> attempts = attempts(connection, rows);
    Map<NotificationId, byte[]> bodies = bodies(connection, rows);
    Map<NotificationId, Map<Integer, StoredDelivery>> byNotification = new LinkedHashMap<>();
    rows.stream()
        .sorted((a, b) -> Arrays.compareUnsigned(b.key(), a.key()))
        .forEach(
            row ->
                byNotification
                    .computeIfAbsent(row.id().notification(), id -> new TreeMap<>())
                    .merge(row.id().leg(), row, (a, b) -> a.settled() ? a : b));
    List<NotificationReport> reports = new ArrayList<>(byNotification.size());
    byNotification.forEach(
        (id, legs) ->
            reports.add(report(id, List.copyOf(legs.values()), attempts, bodies.get(id))));
    return reports;
  }

  private NotificationReport report(
      NotificationId id,
      List<StoredDelivery> legs,
      Map<DeliveryId, List<AttemptReport>> attempts,
      byte @Nullable [] body) {
    StoredDelivery first = legs.get(0);
    List<DeliveryReport> deliveries =
        legs.stream()
            .map(
                leg -> leg.report(attempts.getOrDefault(leg.id(), List.of()), held.apply(leg.id())))
            .toList();
    Instant acceptedAt = first.acceptedAt();
    return new NotificationReport(id, notification(legs, body), acceptedAt, deliveries);
  }

  /** Every leg carries the whole notification, but one may have been told to forget its content. */
  private Notification notification(List<StoredDelivery> legs, byte @Nullable [] body) {
    byte[] content = body;
    for (StoredDelivery leg : legs) {
      byte[] own = leg.content();
      if (content == null && own != null) {
        content = payloads.reveal(own, leg.key());
      }
    }
    return payloads.decode(legs.get(0).key(), legs.get(0).envelope(), content);
  }

  private Map<DeliveryId, List<AttemptReport>> attempts(
      Connection connection, List<StoredDelivery> rows) throws SQLException {
    Map<DeliveryId, List<AttemptReport>> attempts = new HashMap<>();
    for (int start = 0; start < rows.size(); start += MAX_KEYS) {
      List<byte[]> keys =
          rows.subList(start, Math.min(start + MAX_KEYS, rows.size())).stream()
              .map(StoredDelivery::key)
              .toList();
      int width = width(keys.size());
      try (PreparedStatement statement = connection.prepareStatement(sql.attemptsIn(width))) {
        bindKeys(statement, 1, width, keys);
        try (ResultSet found = statement.executeQuery()) {
          while (found.next()) {
            attempts
                .computeIfAbsent(DeliveryKey.delivery(found.getBytes(1)), id -> new ArrayList<>())
                .add(AttemptCodec.read(found, 3));
          }
        }
      }
    }
    return attempts;
  }

  /** Returns what over-long notifications say, revealed. */
  private Map<NotificationId, byte[]> bodies(Connection connection, List<StoredDelivery> rows)
      throws SQLException {
    List<byte[]> keys =
        rows.stream()
            .filter(row -> row.content() == null)
            .map(row -> row.id().notification())
            .distinct()
            .map(DeliveryKey::of)
            .toList();
    Map<NotificationId, byte[]> bodies = new HashMap<>();
    for (int start = 0; start < keys.size(); start += MAX_KEYS) {
      List<byte[]> some = keys.subList(start, Math.min(start + MAX_KEYS, keys.size()));
      int width = width(some.size());
      try (PreparedStatement statement = connection.prepareStatement(sql.bodiesIn(width))) {
        bindKeys(statement, 1, width, some);
        try (ResultSet found = statement.executeQuery()) {
          while (found.next()) {
            byte[] key = found.getBytes(1);
            bodies.put(DeliveryKey.notification(key), payloads.reveal(found.getBytes(2), key));
          }
        }
      }
    }
    return bodies;
  }
}
