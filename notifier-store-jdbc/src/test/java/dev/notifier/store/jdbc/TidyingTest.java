package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Recipient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes when its time is over, and what stays. */
class TidyingTest {
  private static final Duration AGE = Duration.ofDays(30);
  private static final Notification NOTE = Notification.to("pager:42").text("hello").build();

  private final AtomicReference<Instant> now = new AtomicReference<>(StoredRows.START);
  private final DatabaseClock clock = new DatabaseClock(now::get, false);
  private EmptyDatabase database;
  private ConnectionSource source;
  private Dialect dialect;
  private HeldConnection held;
  private Purge purge;
  private Partitions partitions;
  @TempDir private Path directory;

  private void open(TestDatabase kind) {
    database = kind.create(directory);
    JdbcSchema.of(database.dataSource()).migrate();
    source = ConnectionSource.of(database.dataSource(), Duration.ZERO);
    dialect = Dialect.of(kind.kind(), TablePrefix.DEFAULT, true);
    held = new HeldConnection(source, dialect);
    purge = new Purge(dialect, clock, AGE, () -> false);
    partitions = new Partitions(dialect.tables, clock, purge, () -> false);
  }

  @AfterEach
  void close() throws SQLException {
    held.close();
    source.close();
    database.close();
  }

  private StoredRows rows() throws SQLException {
    return new StoredRows(database.dataSource(), Payloads.plain());
  }

  private long count(String from) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM notifier_" + from)) {
      result.next();
      return result.getLong(1);
    }
  }

  // --- The history ------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void oldHistoryGoesWithItsAttemptsAndBodiesAndNothingElse(TestDatabase kind) throws Exception {
    open(kind);
    Notification tagged = Notification.to("pager:42").text("hello").tag("spring").build();
    Notification twoLegs =
        Notification.to(Recipient.named("ada").address("pager", "1").address("desk", "2"))
            .viaAll("pager", "desk")
            .text("hello")
            .build();
    try (StoredRows rows = rows()) {
      for (int i = 0; i < 1300; i++) { // more than two steps
        rows.settled(i, 0, i >= 1199 ? tagged : NOTE, DeliveryStatus.SENT);
      }
      rows.settled(5000, 0, twoLegs, DeliveryStatus.SENT); // and its other leg waits still
      rows.owed(5000, 1, twoLegs);
    }
    try (StoredRows rows = rows()) {
      for (int i : new int[] {0, 1199, 1200, 5000}) {
        rows.attempt(i, 0, 1, StoredRows.attempt("pager", 1, DeliveryResult.ambiguous("x")));
        rows.body(i, NOTE);
      }
    }

    now.set(StoredRows.START.plus(AGE).plusSeconds(1200));
    purge.history(held);
    assertThat(count("history WHERE settled_at < " + purge.oldest())).isZero();
    assertThat(count("history")).isEqualTo(101);
    assertThat(count("attempt")).isEqualTo(2);
    assertThat(count("body")).isEqualTo(2);
    assertThat(count("tag")).isEqualTo(100);

    now.set(StoredRows.START.plus(AGE).plusSeconds(6000));
    purge.history(held);
    purge.history(held); // twice does no harm
    assertThat(count("history")).isZero();
    assertThat(count("attempt")).isZero();
    assertThat(count("tag")).isZero();
    assertThat(count("queue")).isEqualTo(1);
    assertThat(count("body")).isEqualTo(1); // the leg that waits needs it
  }

  // --- The small tables -------------------------------------------------------------------------

  private void insert(String columns, Object... values) throws SQLException {
    String table = columns.substring(0, columns.indexOf(' '));
    String sql = "INSERT INTO notifier_" + columns + " VALUES (" + Dialect.marks(values.length);
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql + ")")) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      assertThat(statement.executeUpdate()).as(table).isEqualTo(1);
    }
  }

  private static byte[] key(int first, int length) {
    byte[] key = new byte[length];
    key[0] = (byte) first;
    return key;
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatHasExpiredInTheSmallTablesGoes(TestDatabase kind) throws Exception {
    open(kind);
    long t = StoredRows.START.toEpochMilli();
    long day = Duration.ofDays(1).toMillis();
    for (int i = 1; i <= 2; i++) { // the first has expired, the second has not
      long expiry = i == 1 ? t - 61_000 : t - 59_000;
      insert("dedup (key_hash, id, expires_at)", key(i, 32), key(i, 16), expiry);
      insert(
          "early_update (key_hash, lane, status, reason, suppresses, expires_at)",
          key(i, 32),
          "pager",
          3,
          "x",
          0,
          expiry);
      insert(
          "cancel_request (id, owner, asked_at)",
          key(i, 17),
          1L,
          i == 1 ? t - 601_000 : t - 599_000);
      for (int active = 0; active < 2; active++) {
        insert(
            "suppression (address_hash, lane, address, reason, since, active, changed_at)",
            key(10 * active + i, 32),
            "pager",
            new byte[] {1},
            "x",
            t,
            active,
            i == 1 ? t - day - 1 : t - day + 1);
      }
    }

    tidySmallTables();

    assertThat(count("dedup")).isEqualTo(1);
    assertThat(count("early_update")).isEqualTo(1);
    assertThat(count("cancel_request")).isEqualTo(1);
    assertThat(count("suppression WHERE active = 0")).isEqualTo(1);
    assertThat(count("suppression WHERE active = 1")).isEqualTo(2);
  }

  private void tidySmallTables() throws SQLException {
    purge.idempotencyKeys(held);
    purge.earlyUpdates(held);
    purge.cancelRequests(held);
    purge.liftedSuppressions(held);
  }

  // --- The days of PostgreSQL -------------------------------------------------------------------

  private List<String> days() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE"
                    + " i.inhparent = CAST('notifier_history' AS regclass) ORDER BY 1")) {
      while (result.next()) {
        names.add(result.getString(1).replace("notifier_history_", ""));
      }
    }
    return names;
  }

  @Test
  void daysAreMadeAheadAndDroppedAsAWhole() throws Exception {
    open(TestDatabase.POSTGRESQL);
    partitions.keep(held);
    partitions.keep(held);
    assertThat(days()).containsExactly("p20260101", "p20260102", "p20260103", "p20260104", "rest");
    try (StoredRows rows = rows()) {
      for (int i = 0; i < 1200; i++) {
        rows.settled(i, 0, NOTE, DeliveryStatus.FAILED);
      }
      rows.settled(86_400, 0, NOTE, DeliveryStatus.FAILED); // the day after
    }
    try (StoredRows rows = rows()) {
      for (int i : new int[] {0, 1199, 86_400}) {
        rows.attempt(i, 0, 1, StoredRows.attempt("pager", 1, DeliveryResult.ambiguous("x")));
        rows.body(i, NOTE);
      }
    }
    assertThat(count("history_p20260101")).isEqualTo(1200);
    assertThat(count("history_rest")).isZero();

    now.set(StoredRows.START.plus(AGE).plus(Duration.ofHours(23)));
    partitions.keep(held);
    assertThat(days()).contains("p20260101"); // its last row is not that old
    now.set(StoredRows.START.plus(AGE).plus(Duration.ofHours(24)));
    partitions.keep(held);

    assertThat(days()).doesNotContain("p20260101").contains("p20260102", "p20260131", "p20260203");
    assertThat(count("history")).isEqualTo(1);
    assertThat(count("attempt")).isEqualTo(1);
    assertThat(count("body")).isEqualTo(1);
  }

  @Test
  void aDayWithRowsInTheRestStaysThereAndTheOthersAreMade() throws Exception {
    open(TestDatabase.POSTGRESQL);
    try (StoredRows rows = rows()) {
      rows.settled(1, 0, NOTE, DeliveryStatus.SENT);
    }

    partitions.keep(held);

    assertThat(days()).containsExactly("p20260102", "p20260103", "p20260104", "rest");
    assertThat(count("history_rest")).isEqualTo(1);
    now.set(StoredRows.START.plus(AGE).plusSeconds(60));
    purge.history(held);
    assertThat(count("history_rest")).isZero();
  }

  @Test
  void nobodyWaitsLongForADay() throws Exception {
    open(TestDatabase.POSTGRESQL);
    try (Connection reader = database.dataSource().getConnection()) {
      reader.setAutoCommit(false);
      reader.createStatement().executeQuery("SELECT 1 FROM notifier_history"); // and it goes on

      partitions.keep(held);

      assertThat(days()).containsExactly("rest");
      reader.rollback();
    }
    partitions.keep(held);
    assertThat(days()).hasSize(5);
  }

  @Test
  void twoNodesMakeTheSameDaysTogether() throws Exception {
    open(TestDatabase.POSTGRESQL);
    try (HeldConnection other = new HeldConnection(source, dialect)) {
      Partitions others = new Partitions(dialect.tables, clock, purge, () -> false);
      ExecutorService two = Executors.newFixedThreadPool(2);
      try {
        for (int day = 0; day < 5; day++) {
          now.set(StoredRows.START.plus(Duration.ofDays(4L * day)));
          Future<?> first = two.submit(() -> keep(partitions, held));
          Future<?> second = two.submit(() -> keep(others, other));
          first.get(30, TimeUnit.SECONDS);
          second.get(30, TimeUnit.SECONDS);
          partitions.keep(held); // what one of them left to the other
          assertThat(days()).hasSize(4 * (day + 1) + 1);
        }
      } finally {
        two.shutdownNow();
      }
    }
  }

  @Test
  void whoSettlesWhileADayIsMadeSettlesIntoThatDay() throws Exception {
    open(TestDatabase.POSTGRESQL);
    ExecutorService one = Executors.newSingleThreadExecutor();
    try (Connection maker = database.dataSource().getConnection()) {
      maker.setAutoCommit(false);
      maker.createStatement().execute("CREATE TABLE d (LIKE notifier_history)");
      maker
          .createStatement()
          .execute("ALTER TABLE notifier_history ATTACH PARTITION d FOR VALUES FROM (0) TO (100)");
      Future<Integer> settling = one.submit(() -> held.inTransaction(TidyingTest::settleAt50));
      awaitSomebodyWaiting();
      maker.commit();

      assertThat(settling.get(30, TimeUnit.SECONDS)).isEqualTo(1);
      try (ResultSet result = maker.createStatement().executeQuery("SELECT COUNT(*) FROM d")) {
        result.next();
        assertThat(result.getInt(1)).isEqualTo(1);
      }
    } finally {
      one.shutdownNow();
    }
  }

  private static int settleAt50(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(
          "INSERT INTO notifier_history (id, settled_at, accepted_at, priority, lane, step,"
              + " attempts, made, status, reason, recipient, envelope)"
              + " VALUES ('x', 50, 0, 0, 'pager', 0, 1, 1, 3, '', 0, 'y')");
    }
  }

  private void awaitSomebodyWaiting() throws SQLException {
    String sql =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname ="
            + " current_database()";
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      int waiting = 0;
      while (waiting == 0) {
        assertThat(System.nanoTime()).isLessThan(end);
        try (ResultSet result = statement.executeQuery(sql)) {
          result.next();
          waiting = result.getInt(1);
        }
      }
    }
  }

  private static Void keep(Partitions partitions, HeldConnection held) throws SQLException {
    partitions.keep(held);
    return null;
  }

  @Test
  void withoutTheRightEverythingStaysInTheRest() throws Exception {
    open(TestDatabase.POSTGRESQL);
    database.execute("REVOKE CREATE ON SCHEMA public FROM pg_database_owner, PUBLIC");

    partitions.keep(held);
    partitions.keep(held);

    assertThat(days()).containsExactly("rest");
  }

  @Test
  void aRollBackOfTheTablesTakesTheDaysAlong() throws Exception {
    open(TestDatabase.POSTGRESQL);
    partitions.keep(held);

    JdbcSchema.of(database.dataSource()).rollback(0);
    JdbcSchema.of(database.dataSource()).migrate();

    assertThat(days()).containsExactly("rest");
    partitions.keep(held);
    assertThat(days()).hasSize(5);
  }

  @Test
  void aStoreTidiesUpByItself() throws Exception {
    open(TestDatabase.POSTGRESQL);
    try (StoredRows rows = rows()) {
      rows.settled(1, 0, NOTE, DeliveryStatus.SENT);
    }
    insert("dedup (key_hash, id, expires_at)", key(1, 32), key(1, 16), 1L);

    JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.dataSource()).historyAge(Duration.ofDays(1)).build();
    try (store) {
      store.node().housekeeper().tidyUp();
    }

    assertThat(days()).hasSize(5);
    assertThat(count("history")).isZero();
    assertThat(count("dedup")).isZero();
  }

  @Test
  void aDayHasTheIndexesOfTheHistory() throws Exception {
    open(TestDatabase.POSTGRESQL);
    partitions.keep(held);

    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT tablename, COUNT(*) FROM pg_indexes WHERE tablename IN ('notifier_history',"
                    + " 'notifier_history_p20260101') GROUP BY 1 ORDER BY 1")) {
      result.next();
      long ofHistory = result.getLong(2);
      result.next();
      assertThat(result.getString(1)).isEqualTo("notifier_history_p20260101");
      assertThat(result.getLong(2)).isEqualTo(ofHistory).isPositive();
    }
  }
}
