package dev.notifier.store.jdbc;

import dev.notifier.AttemptReport;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.QueuedDelivery;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;

/** Settled and waiting deliveries as the store writes them, but faster than they can be sent. */
public final class FilledHistory {
  private static final int AT_ONCE = 5_000;

  /** A node that is none. */
  private static final long OWNER = 42;

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
    insert(
        count,
        (connection, dialect, rows) -> {
          dialect.insert(connection, rows, OWNER);
          List<FinalRow> ends = rows.stream().map(this::end).toList();
          if (!dialect.finish(connection, ends, OWNER).isEmpty()) {
            throw new IllegalStateException("rows were lost");
          }
        });
  }

  /** Adds deliveries that wait; every second one has a time in the future. */
  public void waiting(int count) throws SQLException {
    insert(count, (connection, dialect, rows) -> dialect.insert(connection, rows, 0));
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
      Tables tables = Tables.of(TablePrefix.DEFAULT, DatabaseKind.of(connection));
      for (String table :
          new TreeSet<>(List.of(tables.queue(), tables.history(), tables.lookup()))) {
        statement.execute(how + table);
      }
    }
  }

  private interface Writing {
    void write(Connection connection, Dialect dialect, List<QueueRow> rows) throws SQLException;
  }

  private void insert(int count, Writing writing) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Dialect dialect = Dialect.of(DatabaseKind.of(connection), TablePrefix.DEFAULT, true);
      connection.setAutoCommit(false);
      List<QueueRow> rows = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        rows.add(row(number, from.plusMillis(length.toMillis() * number / count)));
        if (rows.size() == AT_ONCE || number + 1 == count) {
          writing.write(connection, dialect, rows);
          connection.commit();
          rows.clear();
        }
      }
    }
  }

  private QueueRow row(int number, Instant acceptedAt) {
    long time = (acceptedAt.toEpochMilli() << 16) | 0x7000;
    UUID uuid = new UUID(time, (random.nextLong() >>> 2) | Long.MIN_VALUE);
    DeliveryId id = new DeliveryId(new NotificationId(uuid), 0);
    Notification notification = notification(number);
    Instant due = number % 2 == 0 ? acceptedAt : acceptedAt.plus(Duration.ofDays(30));
    return new QueueRow(
        DeliveryKey.of(id),
        QueuedDelivery.restored(id, notification, 0, 0, due, acceptedAt, due, false),
        number % 100_000,
        (long) number,
        NotificationCodec.envelope(notification),
        NotificationCodec.content(notification));
  }

  private static Notification notification(int number) {
    return Notification.to(lane(number) + ":user" + number + "@example.com")
        .subject("Order " + number + " is on its way")
        .text("Your order number " + number + " is on its way. ".repeat(5))
        .correlationId("order-" + number)
        .build();
  }

  private FinalRow end(QueueRow row) {
    long took =
        (long) (20 * Math.exp(1.5 * random.nextGaussian())); // a long tail, as networks have
    DeliveryStatus status = status();
    boolean sent =
        status == DeliveryStatus.SENT
            || status == DeliveryStatus.DELIVERED
            || status == DeliveryStatus.BOUNCED;
    Instant settledAt = row.delivery().acceptedAt().plusMillis(took);
    return new FinalRow(
        row.key(),
        row.place(),
        1,
        status,
        sent && status != DeliveryStatus.BOUNCED ? "" : "reason " + random.nextInt(50),
        settledAt.toEpochMilli(),
        row.delivery().channel().value(),
        0,
        1,
        1,
        sent ? attempt(row.delivery().channel(), settledAt) : null,
        List.of());
  }

  private static AttemptReport attempt(ChannelId channel, Instant settledAt) {
    return new AttemptReport(
        channel,
        1,
        settledAt.minusMillis(10),
        Duration.ofMillis(10),
        new DeliveryResult.Accepted(Optional.of(UUID.randomUUID().toString())),
        Optional.empty());
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
}
