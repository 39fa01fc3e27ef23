package dev.notifier.store.jdbc;

import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import java.util.UUID;
import javax.sql.DataSource;

/** Settled and waiting deliveries as the store writes them, but faster than they can be sent. */
public final class FilledHistory {
  private static final int AT_ONCE = 5_000;
  private static final String[] LANES = {"email", "app", "pager", "letter"};

  private final DataSource dataSource;
  private final Instant from;
  private final Duration length;
  private final Random random = new Random(7);

  /** Creates it for a database that has the tables; all is accepted within this time. */
  public FilledHistory(DataSource dataSource, Instant from, Duration length) {
    this.dataSource = dataSource;
    this.from = from;
    this.length = length;
  }

  /** Makes a table for each day, as a node on PostgreSQL does when it begins. */
  public void makeDays() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      LocalDate last = LocalDate.ofInstant(from.plus(length), ZoneOffset.UTC);
      LocalDate day = LocalDate.ofInstant(from, ZoneOffset.UTC);
      for (; !day.isAfter(last); day = day.plusDays(1)) {
        statement.execute(
            "CREATE TABLE IF NOT EXISTS notifier_history_p"
                + DateTimeFormatter.BASIC_ISO_DATE.format(day)
                + " PARTITION OF notifier_history FOR VALUES FROM ("
                + millis(day)
                + ") TO ("
                + millis(day.plusDays(1))
                + ")");
      }
    }
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  /** Adds settled deliveries: 90 % sent, of which 60 % are confirmed; 5 % failed for 50 reasons. */
  public void settled(int count) throws SQLException {
    String sql =
        "INSERT INTO notifier_history (id, settled_at, accepted_at, priority, lane, step, attempts,"
            + " made, status, reason, started_at, latency, provider_id, recipient, correlation,"
            + " envelope, content) VALUES (?, ?, ?, 2, ?, 0, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    insert(sql, count, this::bindSettled);
  }

  /** Adds deliveries that wait; every second one has a time in the future. */
  public void waiting(int count) throws SQLException {
    String sql =
        "INSERT INTO notifier_queue (id, due, priority, owner, fence, lane, step, step_since,"
            + " attempts, made, mark, accepted_at, recipient, correlation, envelope, content)"
            + " VALUES (?, ?, 2, 0, 0, ?, 0, ?, 0, 0, 0, ?, ?, ?, ?, ?)";
    insert(sql, count, this::bindWaiting);
  }

  /** Does at once what the database does by itself a moment later. */
  public void tidy() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        var statement = connection.createStatement()) {
      String how =
          switch (DatabaseKind.of(connection)) {
            case POSTGRESQL -> "VACUUM ANALYZE ";
            case H2, MARIADB -> "ANALYZE TABLE ";
          };
      statement.execute(how + "notifier_history");
      statement.execute(how + "notifier_queue");
    }
  }

  private interface Row {
    void bind(PreparedStatement statement, int number, long acceptedAt) throws SQLException;
  }

  private void insert(String sql, int count, Row row) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      connection.setAutoCommit(false);
      for (int number = 0; number < count; number++) {
        long acceptedAt = from.toEpochMilli() + length.toMillis() * number / count;
        row.bind(statement, number, acceptedAt);
        statement.addBatch();
        if ((number + 1) % AT_ONCE == 0 || number + 1 == count) {
          statement.executeBatch();
          connection.commit();
        }
      }
    }
  }

  private void bindSettled(PreparedStatement statement, int number, long acceptedAt)
      throws SQLException {
    long took =
        (long) (20 * Math.exp(1.5 * random.nextGaussian())); // a long tail, as networks have
    DeliveryStatus status = status();
    boolean sent =
        status == DeliveryStatus.SENT
            || status == DeliveryStatus.DELIVERED
            || status == DeliveryStatus.BOUNCED;
    int next = bindKey(statement, 1, acceptedAt);
    statement.setLong(next++, acceptedAt + took);
    statement.setLong(next++, acceptedAt);
    statement.setString(next++, lane(number));
    statement.setShort(next++, Codes.of(status));
    statement.setString(
        next++, sent && status != DeliveryStatus.BOUNCED ? "" : "reason " + random.nextInt(50));
    statement.setObject(next++, sent ? acceptedAt + took - 10 : null);
    statement.setObject(next++, sent ? 10 : null);
    statement.setString(next++, sent ? UUID.randomUUID().toString() : null);
    bindNotification(statement, next, number);
  }

  private DeliveryStatus status() {
    int chosen = random.nextInt(100);
    return chosen < 36
        ? DeliveryStatus.SENT
        : chosen < 88
            ? DeliveryStatus.DELIVERED
            : chosen < 90
                ? DeliveryStatus.BOUNCED
                : chosen < 95
                    ? DeliveryStatus.FAILED
                    : chosen < 97
                        ? DeliveryStatus.EXPIRED
                        : chosen < 99 ? DeliveryStatus.SUPPRESSED : DeliveryStatus.CANCELLED;
  }

  private static String lane(int number) {
    return LANES[number % LANES.length];
  }

  private void bindWaiting(PreparedStatement statement, int number, long acceptedAt)
      throws SQLException {
    long due = acceptedAt + (number % 2 == 0 ? 0 : Duration.ofDays(30).toMillis());
    int next = bindKey(statement, 1, acceptedAt);
    statement.setLong(next++, due);
    statement.setString(next++, lane(number));
    statement.setLong(next++, due);
    statement.setLong(next++, acceptedAt);
    bindNotification(statement, next, number);
  }

  private int bindKey(PreparedStatement statement, int index, long acceptedAt) throws SQLException {
    UUID id = new UUID(acceptedAt << 16 | 0x7000, random.nextLong() >>> 2 | Long.MIN_VALUE);
    statement.setBytes(index, DeliveryKey.of(new DeliveryId(new NotificationId(id), 0)));
    return index + 1;
  }

  private static void bindNotification(PreparedStatement statement, int first, int number)
      throws SQLException {
    Notification notification =
        Notification.to(lane(number) + ":" + address(number))
            .subject("Order " + number + " is on its way")
            .text("Your order number " + number + " is on its way. ".repeat(5))
            .correlationId("order-" + number)
            .build();
    statement.setLong(first, number % 100_000);
    statement.setLong(first + 1, number);
    statement.setBytes(first + 2, NotificationCodec.envelope(notification));
    statement.setBytes(first + 3, NotificationCodec.content(notification));
  }

  private static String address(int number) {
    return "user" + number + "@example.com";
  }
}
