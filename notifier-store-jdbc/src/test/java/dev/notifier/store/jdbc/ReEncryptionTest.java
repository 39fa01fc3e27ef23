package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationReport;
import dev.notifier.Preference;
import dev.notifier.PreferenceQuery;
import dev.notifier.Recipient;
import dev.notifier.Schedule;
import dev.notifier.ScheduleReport;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.PreferenceStore;
import dev.notifier.spi.StoredSchedule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReEncryptionTest {
  private static final Payloads PLAIN = Payloads.plain();
  private static final KeyRing FIRST = KeyRing.of(1, filled(1), filled(9));
  private static final Payloads OLD = Payloads.encrypted(PayloadCipher.aes256(FIRST));
  private static final Payloads BOTH =
      Payloads.encrypted(
          PayloadCipher.aes256(KeyRing.of(2, filled(2), filled(9)).withOlder(1, filled(1))));
  private static final Payloads NEW =
      Payloads.encrypted(PayloadCipher.aes256(KeyRing.of(2, filled(2), filled(9))));
  private static final SuppressionTarget ADDRESS =
      SuppressionTarget.parse("email:gone@secret.example");

  private static final List<String> PAYLOADS =
      List.of(
          "SELECT envelope FROM notifier_queue",
          "SELECT content FROM notifier_queue",
          "SELECT envelope FROM notifier_history",
          "SELECT content FROM notifier_history",
          "SELECT content FROM notifier_body",
          "SELECT address FROM notifier_suppression");

  @TempDir Path directory;
  private EmptyDatabase database;

  private static byte[] filled(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return key;
  }

  private void open(TestDatabase kind) {
    database = kind.create(directory);
    JdbcSchema.of(database.dataSource()).migrate();
  }

  @AfterEach
  void removeDatabase() throws Exception {
    database.close();
  }

  private static Notification notification(int i) {
    return Notification.to(Recipient.named("secret-" + i).email("ada@secret.example"))
        .text("secret text " + i)
        .correlationId("trace-" + i)
        .tag("secret-tag", "number-" + i)
        .idempotencyKey("key-" + i)
        .build();
  }

  private void fill(Payloads payloads, int from, int to) throws Exception {
    try (StoredRows rows = new StoredRows(database.dataSource(), payloads)) {
      for (int i = from; i < to; i++) {
        if (i % 2 == 0) {
          rows.owed(i, 0, notification(i));
        } else {
          rows.settled(i, 0, notification(i), DeliveryStatus.SENT, i % 3 != 0);
        }
        if (i % 2 == 1 && i % 3 == 0) {
          rows.body(i, notification(i));
        }
      }
    }
  }

  private void suppress(Payloads payloads, SuppressionTarget target) throws SQLException {
    byte[] key = payloads.hash().target(target);
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO notifier_suppression (address_hash, lane, address, reason, since,"
                    + " active, changed_at) VALUES (?, 'email', ?, 'gone', 1, 1, 1)")) {
      insert.setBytes(1, key);
      insert.setBytes(2, payloads.protect(target, key));
      insert.executeUpdate();
    }
  }

  private void remember(Payloads payloads, int i) throws SQLException {
    String recipient = notification(i).recipient().key();
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO notifier_dedup (key_hash, id, expires_at) VALUES (?, ?, 1)")) {
      insert.setBytes(1, payloads.hash().idempotencyKey(recipient, "key-" + i));
      insert.setBytes(2, DeliveryKey.of(StoredRows.id(i)));
      insert.executeUpdate();
    }
  }

  private ReEncryption reEncryption(Payloads payloads) {
    return new ReEncryption(source(), TablePrefix.DEFAULT, payloads);
  }

  private ConnectionSource source() {
    return ConnectionSource.of(database.dataSource(), Duration.ZERO);
  }

  private List<byte[]> column(String sql) throws SQLException {
    List<byte[]> values = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        byte[] value = rows.getBytes(1);
        if (value != null) {
          values.add(value);
        }
      }
    }
    return values;
  }

  private void assertEverythingIsUnderTheNewKey(int notifications) throws Exception {
    for (String sql : PAYLOADS) {
      assertThat(column(sql)).as(sql).isNotEmpty();
      for (byte[] stored : column(sql)) {
        assertThat(NEW.isCurrent(stored)).as(sql).isTrue();
        assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
      }
    }
    HistoryReader reader =
        new HistoryReader(source(), TablePrefix.DEFAULT, NEW, id -> Optional.empty());
    List<NotificationReport> all =
        reader.search(HistoryQuery.builder().pageSize(1000).build()).items();
    assertThat(all).hasSize(notifications);
    for (int i = 0; i < notifications; i++) {
      assertThat(all.get(notifications - 1 - i).notification())
          .usingRecursiveComparison()
          .isEqualTo(notification(i));
    }
    assertThat(reader.search(HistoryQuery.builder().recipientNamed("secret-3").build()).items())
        .hasSize(1);
    assertThat(reader.search(HistoryQuery.builder().correlationId("trace-4").build()).items())
        .hasSize(1);
    assertThat(reader.search(HistoryQuery.builder().tag("number-5").build()).items()).hasSize(1);
    byte[] hash = column("SELECT address_hash FROM notifier_suppression").get(0);
    assertThat(hash).isEqualTo(NEW.hash().target(ADDRESS));
    assertThat(NEW.target(column("SELECT address FROM notifier_suppression").get(0), hash))
        .isEqualTo(ADDRESS);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void plainRowsAndRowsUnderAnOlderKeyComeUnderTheCurrentOne(TestDatabase kind) throws Exception {
    open(kind);
    fill(PLAIN, 0, 30);
    fill(OLD, 30, 60);
    fill(NEW, 60, 65);
    suppress(PLAIN, ADDRESS);
    remember(PLAIN, 2);

    ReEncryption.Outcome outcome = reEncryption(BOTH).run(() -> false);

    assertThat(outcome.unreadable()).isZero();
    assertThat(outcome.rewritten()).isEqualTo(60 + 10 + 1); // each delivery, its body; the address
    assertEverythingIsUnderTheNewKey(65);
    assertThat(column("SELECT key_hash FROM notifier_dedup"))
        .containsExactly(NEW.hash().idempotencyKey("#secret-2", "key-2"));
    assertThat(reEncryption(BOTH).run(() -> false)).isEqualTo(new ReEncryption.Outcome(0, 0));
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void preferencesComeUnderTheCurrentKeyAndAreFound(TestDatabase kind) throws Exception {
    open(kind);
    Recipient named = Recipient.named("secret-ada");
    Recipient address = Recipient.of(Address.parse("email:ada@secret.example"));
    preferences(PLAIN).put(optOut(named, "news"));
    preferences(PLAIN).put(optOut(address, "news"));
    preferences(OLD).put(optOut(named, "offers"));
    preferences(NEW).put(optOut(named, "jobs"));
    preferences(PLAIN).put(optOut(named, "jobs")); // twice: before and after

    ReEncryption.Outcome outcome = reEncryption(BOTH).permissions(() -> false);

    assertThat(outcome).isEqualTo(new ReEncryption.Outcome(4, 0));
    for (byte[] stored : column("SELECT subject FROM notifier_preference")) {
      assertThat(NEW.isCurrent(stored)).isTrue();
      assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    }
    PreferenceStore found = preferences(NEW);
    for (String category : List.of("news", "offers", "jobs")) {
      assertThat(found.find(named, category, Optional.empty())).isPresent();
    }
    assertThat(found.find(address, "news", Optional.empty())).isPresent();
    assertThat(found.list(PreferenceQuery.all().recipient(named)).items()).hasSize(3);
    assertThat(found.erase(named)).isEqualTo(3);
  }

  private static Preference optOut(Recipient recipient, String category) {
    return new Preference(
        recipient, category, Optional.empty(), Preference.Choice.OPT_OUT, Instant.EPOCH);
  }

  private PreferenceStore preferences(Payloads payloads) {
    ConnectionSource source = source();
    Dialect dialect = Dialect.of(source.kind(), TablePrefix.DEFAULT, true);
    Questions questions = new Questions(source, dialect, Shield.against(source.kind()));
    return new JdbcPreferenceStore(questions, dialect, payloads);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void schedulesComeUnderTheCurrentKey(TestDatabase kind) throws Exception {
    open(kind);
    Instant now = Instant.ofEpochMilli(1_800_000_000_000L);
    for (int i = 0; i < 3; i++) {
      Payloads payloads = List.of(PLAIN, OLD, NEW).get(i);
      assertThat(schedules(payloads).insert(schedule("Digest-" + i, now))).isTrue();
    }

    assertThat(reEncryption(BOTH).run(() -> false)).isEqualTo(new ReEncryption.Outcome(2, 0));

    assertThat(column("SELECT definition FROM notifier_schedule"))
        .hasSize(3)
        .allMatch(definition -> NEW.isCurrent(definition))
        .noneMatch(stored -> new String(stored, StandardCharsets.ISO_8859_1).contains("secret"));
    assertThat(schedules(NEW).list("", 10))
        .usingRecursiveComparison()
        .isEqualTo(
            List.of(
                schedule("Digest-0", now), schedule("Digest-1", now), schedule("Digest-2", now)));
    assertThat(reEncryption(BOTH).run(() -> false)).isEqualTo(new ReEncryption.Outcome(0, 0));
  }

  private static StoredSchedule schedule(String name, Instant next) {
    Notification digest = Notification.to("email:ada@secret.example").text("secret").build();
    return StoredSchedule.created(
        new ScheduleReport(
            Schedule.every(Duration.ofHours(1)).named(name).sending(digest),
            ScheduleReport.State.ACTIVE,
            Optional.of(next),
            0,
            Optional.empty()),
        next);
  }

  private JdbcScheduleStore schedules(Payloads payloads) {
    ConnectionSource source = source();
    Dialect dialect = Dialect.of(source.kind(), TablePrefix.DEFAULT, true);
    Questions questions = new Questions(source, dialect, Shield.against(source.kind()));
    return new JdbcScheduleStore(questions, dialect.tables, payloads, (decision, run) -> false);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasChangedMeanwhileIsNotOverwritten(TestDatabase kind) throws Exception {
    open(kind);
    fill(OLD, 0, 6);
    byte[] key = DeliveryKey.of(new DeliveryId(StoredRows.id(0), 0));
    AtomicInteger asked = new AtomicInteger();

    // Asked before the first row is rewritten, when its step was read already: it loses its
    // content.
    ReEncryption.Outcome outcome =
        reEncryption(BOTH)
            .run(
                () -> {
                  if (asked.incrementAndGet() == 3) {
                    Tables tables = kind.tables();
                    execute(
                        "DELETE FROM " + tables.history() + " WHERE " + tables.settled() + "1 = 1");
                    execute("UPDATE " + tables.queue() + " SET content = NULL");
                  }
                  return false;
                });

    assertThat(outcome.unreadable()).isZero();
    assertThat(column("SELECT content FROM notifier_queue")).isEmpty();
    assertThat(column("SELECT id FROM notifier_queue"))
        .hasSize(3)
        .anyMatch(id -> Arrays.equals(id, key));
    assertThat(column("SELECT envelope FROM notifier_queue"))
        .allMatch(envelope -> NEW.isCurrent(envelope));
    assertThat(column("SELECT id FROM notifier_history")).isEmpty();
  }

  private void execute(String sql) {
    try {
      database.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2")
  void aRowThatCannotBeReadStaysAndStopsNoOther(TestDatabase kind) throws Exception {
    open(kind);
    fill(OLD, 0, 2);
    fill(Payloads.encrypted(PayloadCipher.aes256(KeyRing.of(7, filled(7), filled(9)))), 2, 4);

    ReEncryption.Outcome outcome = reEncryption(BOTH).run(() -> false);

    assertThat(outcome).isEqualTo(new ReEncryption.Outcome(2, 3));
    assertThat(column("SELECT envelope FROM notifier_queue"))
        .filteredOn(envelope -> NEW.isCurrent(envelope))
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anAddressThatWasSuppressedTwiceHasOneRow(TestDatabase kind) throws Exception {
    open(kind);
    suppress(PLAIN, ADDRESS);
    suppress(NEW, ADDRESS);

    assertThat(reEncryption(BOTH).permissions(() -> false).rewritten()).isEqualTo(1);

    assertThat(column("SELECT address_hash FROM notifier_suppression"))
        .containsExactly(NEW.hash().target(ADDRESS));
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2")
  void aRunStopsWhenToldTo(TestDatabase kind) throws Exception {
    open(kind);
    fill(OLD, 0, 10);
    AtomicInteger asked = new AtomicInteger();

    ReEncryption.Outcome outcome = reEncryption(BOTH).run(() -> asked.incrementAndGet() > 5);

    assertThat(outcome.rewritten()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2")
  void manyRowsAreWalkedInSteps(TestDatabase kind) throws Exception {
    open(kind);
    fill(OLD, 0, 2300);

    ReEncryption.Outcome outcome = reEncryption(BOTH).run(() -> false);

    assertThat(outcome.rewritten()).isEqualTo(2300 + 383);
    assertThat(column("SELECT envelope FROM notifier_queue"))
        .hasSize(1150)
        .allMatch(envelope -> NEW.isCurrent(envelope));
  }
}
