package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Priority;
import dev.notifier.spi.QueuedDelivery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** On H2 a recipient's deliveries are found by where they lie, whatever lies around them. */
class PlacesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:59:59Z");
  private static final byte[] FIRST = new byte[DeliveryKey.LENGTH];
  private static final byte[] BEYOND = new byte[DeliveryKey.LENGTH];
  private static final Tables TABLES = Tables.of(TablePrefix.DEFAULT, DatabaseKind.H2);

  @TempDir Path directory;
  private EmptyDatabase database;
  private Connection connection;
  private Dialect dialect;

  static {
    Arrays.fill(BEYOND, (byte) 0xFF);
  }

  @BeforeEach
  void open() throws SQLException {
    database = TestDatabase.H2.create(directory);
    JdbcSchema.of(database.dataSource()).migrate();
    connection = database.dataSource().getConnection();
    dialect = newDialect();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    database.close();
  }

  private static Dialect newDialect() {
    return Dialect.of(DatabaseKind.H2, TablePrefix.DEFAULT, true);
  }

  private static byte[] key(Instant time, int number) {
    UUID id = new UUID((time.toEpochMilli() << 16) | 0x7000, Long.MIN_VALUE | number);
    return DeliveryKey.of(new DeliveryId(new NotificationId(id), 0));
  }

  private void insert(Dialect dialect, List<byte[]> keys, long recipient) throws SQLException {
    Notification notification = Notification.to("pager:7").text("hello").build();
    List<QueueRow> rows = new ArrayList<>();
    for (byte[] key : keys) {
      DeliveryId id = DeliveryKey.delivery(key);
      QueuedDelivery delivery =
          QueuedDelivery.restored(id, notification, 0, 0, START, START, START, false);
      rows.add(
          new QueueRow(
              key,
              delivery,
              recipient,
              null,
              NotificationCodec.envelope(notification),
              NotificationCodec.content(notification)));
    }
    dialect.insert(connection, rows, 7);
  }

  private List<byte[]> keysOf(long recipient, byte[] before, int limit) throws SQLException {
    return new Places(TABLES).keysOf(connection, recipient, FIRST, before, limit);
  }

  private static List<String> hex(List<byte[]> keys) {
    return keys.stream().map(HexFormat.of()::formatHex).toList();
  }

  @Test
  void aRecipientIsFoundInEveryBlockAndHourNewestFirst() throws SQLException {
    List<byte[]> own = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<byte[]> others = new ArrayList<>();
      for (int j = 0; j < 500; j++) { // a block is full every other time
        others.add(key(START.plus(Duration.ofMinutes(20L * i)), 1000 * i + j));
      }
      insert(dialect, others, 99 + i);
      own.add(key(START.plus(Duration.ofMinutes(20L * i)), 1000 * i + 700));
      insert(dialect, own.subList(i, i + 1), 5);
    }

    List<String> newestFirst = new ArrayList<>(hex(own));
    Collections.reverse(newestFirst);
    assertThat(hex(keysOf(5, BEYOND, 100))).isEqualTo(newestFirst);
    assertThat(hex(keysOf(5, BEYOND, 5))).isEqualTo(newestFirst.subList(0, 5));
    assertThat(hex(keysOf(5, own.get(7), 5))).isEqualTo(newestFirst.subList(5, 10));
    assertThat(new Places(TABLES).keysOf(connection, 5, own.get(3), own.get(6), 9)).hasSize(3);
    assertThat(keysOf(6, BEYOND, 9)).isEmpty();
  }

  @Test
  void oneWhoseHashIsAlikeInItsPlaceIsNotTakenForAnother() throws SQLException {
    insert(dialect, List.of(key(START, 1)), 5);
    insert(dialect, List.of(key(START, 2)), 5 + (1L << 40));

    assertThat(hex(keysOf(5, BEYOND, 9))).containsExactly(hex(List.of(key(START, 1))).get(0));
  }

  @Test
  void whatIsAcceptedLateInAnHourOfOthersIsFoundInItsOwn() throws SQLException {
    byte[] late = key(START.minus(Duration.ofHours(30)), 1);
    byte[] now = key(START, 2);
    byte[] later = key(START.plus(Duration.ofHours(30)), 3);
    for (byte[] each : List.of(now, late, later)) {
      insert(dialect, List.of(each), 5);
    }

    assertThat(hex(keysOf(5, BEYOND, 1))).isEqualTo(hex(List.of(later)));
    assertThat(hex(keysOf(5, later, 1))).isEqualTo(hex(List.of(now)));
    assertThat(hex(keysOf(5, now, 1))).isEqualTo(hex(List.of(late)));
  }

  @Test
  void processesThatBeginAtTheSameBlockTakeDifferentOnes() throws SQLException {
    Places one = new Places(TABLES, 17);
    long place = one.next(connection, key(START, 1), 5);
    insert(dialect, List.of(key(START, 1)), 5);
    database.execute("UPDATE notifier_delivery SET place = " + place);

    assertThat(new Places(TABLES, 17).next(connection, key(START, 2), 5)).isNotEqualTo(place);
  }

  @Test
  void whenTheHashChangesTheDeliveryMovesToWhereItIsLookedFor() throws SQLException {
    insert(dialect, List.of(key(START, 1), key(START, 2)), 5);
    byte[] moving = key(START, 2);
    String update = new ReEncryptionSql(TablePrefix.DEFAULT, DatabaseKind.H2).queue().update(true);
    try (var select = connection.prepareStatement("SELECT envelope, content FROM notifier_queue");
        var statement = connection.prepareStatement(update);
        var row = select.executeQuery()) {
      row.next();
      statement.setBytes(1, row.getBytes(1));
      statement.setBytes(2, row.getBytes(2));
      statement.setLong(3, -12345);
      statement.setObject(4, null);
      statement.setBytes(5, moving);
      statement.setBytes(6, row.getBytes(1));
      statement.setBytes(7, row.getBytes(2));
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }

    assertThat(hex(keysOf(-12345, BEYOND, 9))).isEqualTo(hex(List.of(moving)));
    assertThat(keysOf(5, BEYOND, 9)).hasSize(1);
  }

  // --- Free rows --------------------------------------------------------------------------------

  private static final FreeRange ALL =
      new FreeRange("pager", Priority.NORMAL, FreeRange.START, Long.MAX_VALUE, 100);

  @Test
  void whatIsFreedTwiceAtOnceIsAmongTheFreeOnesOnce() throws SQLException {
    insert(dialect, List.of(key(START, 1), key(START, 2)), 5);
    byte[] twice = key(START, 1);

    assertThat(dialect.free(connection, List.of(twice, key(START, 2), twice), 7)).isEqualTo(2);

    assertThat(number("SELECT COUNT(*) FROM notifier_free")).isEqualTo(2);
    assertThat(dialect.claim(connection, ALL, 8)).hasSize(2);
    assertThat(number("SELECT COUNT(*) FROM notifier_free")).isZero();
  }

  @Test
  void claimsDoWithoutTheSchemasHistory() throws SQLException {
    insert(dialect, List.of(key(START, 1)), 5);
    dialect.free(connection, List.of(key(START, 1)), 7);
    database.execute("DROP TABLE notifier_schema_history");

    assertThat(dialect.claim(connection, ALL, 8)).hasSize(1);
  }

  // --- Those who know where a row was -----------------------------------------------------------

  @Test
  void oneThatMovedSinceItWasTakenIsFoundByItsKey() throws SQLException {
    insert(dialect, List.of(key(START, 1), key(START, 2)), 5);
    long place = number("SELECT MAX(place) FROM notifier_delivery");
    database.execute("UPDATE notifier_delivery SET place = place + 1024");
    List<FinalRow> ends = List.of(sent(key(START, 1), place - 1), sent(key(START, 2), place));

    assertThat(dialect.finish(connection, ends, 8)).isEqualTo(ends); // another's
    assertThat(dialect.finish(connection, ends, 7)).isEmpty();

    assertThat(number("SELECT COUNT(*) FROM notifier_history")).isEqualTo(2);
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    }
  }

  private static FinalRow sent(byte[] key, long place) {
    return new FinalRow(
        key, place, 1, DeliveryStatus.SENT, "", 1, "pager", 0, 1, 1, null, List.of());
  }

  // --- Those who wait for a row that moves ------------------------------------------------------

  /** What a node does with a row that it holds; true if it found it. */
  private interface Change {
    boolean of(Dialect dialect, Connection connection, byte[] key) throws SQLException;
  }

  static List<Named<Change>> changes() {
    return List.of(
        Named.of(
            "settles",
            (dialect, connection, key) ->
                dialect.finish(connection, List.of(cancelled(key)), 7).isEmpty()),
        Named.of(
            "tries again later",
            (dialect, connection, key) ->
                dialect.requeue(connection, List.of(waiting(key)), 7).isEmpty()),
        Named.of(
            "frees", (dialect, connection, key) -> dialect.free(connection, List.of(key), 7) == 1),
        Named.of("marks", (dialect, connection, key) -> dialect.mark(connection, key, 1, 7)));
  }

  private static FinalRow cancelled(byte[] key) {
    return FinalRow.cancelled(key, 0, 1, "pager", 0, 0, 0);
  }

  private static WaitingRow waiting(byte[] key) {
    return new WaitingRow(key, 1, 5, "pager", 0, 5, 1, 1, false, List.of());
  }

  @ParameterizedTest
  @MethodSource("changes")
  void whoWaitsForARowThatMovesDoesNotTakeItForLost(Change change) throws Exception {
    byte[] key = key(START, 1);
    insert(dialect, List.of(key), 5);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (Connection writer = database.dataSource().getConnection();
        Statement mover = connection.createStatement()) {
      writer.setAutoCommit(false);
      connection.setAutoCommit(false);
      mover.execute("UPDATE notifier_delivery SET place = place + 1024");
      Future<Boolean> found = thread.submit(() -> change.of(dialect, writer, key));
      Until.holds(this::somebodyWaits);
      connection.commit();

      assertThat(found.get(30, TimeUnit.SECONDS)).isTrue();
      writer.commit();
    } finally {
      thread.shutdownNow();
    }
  }

  private boolean somebodyWaits() throws SQLException {
    String sql = "SELECT 1 FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL";
    try (Connection watcher = database.dataSource().getConnection();
        Statement statement = watcher.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next();
    }
  }
}
