package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Page;
import dev.notifier.Recipient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryReaderTest {
  private static final Recipient ADA =
      Recipient.named("ada").email("ada@example.com").sms("+4915112345678");

  private final Map<DeliveryId, HistoryReader.Held> held = new HashMap<>();

  @TempDir Path directory;

  /** What is done with a database that holds rows. */
  private interface Trial {
    void run(StoredRows rows, HistoryReader reader) throws Exception;
  }

  private @Nullable EmptyDatabase database;

  private void on(TestDatabase kind, Payloads payloads, Trial trial) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      this.database = database;
      JdbcSchema.of(database.dataSource()).migrate();
      try (StoredRows rows = new StoredRows(database.dataSource(), payloads)) {
        HistoryReader reader =
            new HistoryReader(
                ConnectionSource.of(database.dataSource(), Duration.ZERO),
                TablePrefix.DEFAULT,
                payloads,
                id -> Optional.ofNullable(held.get(id)));
        trial.run(rows, reader);
      }
    }
  }

  private static Payloads encrypted() {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 1);
    return Payloads.encrypted(PayloadCipher.aes256(KeyRing.of(1, key, new byte[32])));
  }

  private static Notification fanOut() {
    return Notification.to(ADA).viaAll("email", "sms").text("hello").build();
  }

  private static Notification toAda() {
    return Notification.to(ADA).via("email").orElse("sms").text("hello").build();
  }

  // --- find -------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void findPutsTogetherWhatLiesInFourTables(TestDatabase database) throws Exception {
    Notification notification = fanOut();
    on(
        database,
        encrypted(),
        (rows, reader) -> {
          rows.owed(1, 1, notification);
          rows.settled(1, 0, notification, DeliveryStatus.SENT, false);
          rows.settled(2, 0, notification, DeliveryStatus.FAILED);
          rows.body(1, notification);
          rows.attempt(
              1, 1, 1, StoredRows.attempt("sms", 1, DeliveryResult.transientFailure("busy")));
          rows.attempt(
              1, 1, 2, StoredRows.attempt("sms", 2, DeliveryResult.transientFailure("busier")));
          rows.close();

          NotificationReport report = reader.find(StoredRows.id(1)).orElseThrow();

          assertThat(report.notification()).usingRecursiveComparison().isEqualTo(notification);
          assertThat(report.acceptedAt()).isEqualTo(StoredRows.acceptedAt(1));
          assertThat(report.deliveries()).hasSize(2);
          DeliveryReport sent = report.deliveries().get(0);
          assertThat(sent.status()).isEqualTo(DeliveryStatus.SENT);
          assertThat(sent.reason()).isEqualTo("because");
          assertThat(sent.nextAttempt()).isEmpty();
          assertThat(sent.attempts()).hasSize(1);
          assertThat(sent.attempts().get(0).result())
              .isEqualTo(DeliveryResult.accepted("provider-1-0"));
          assertThat(sent.attempts().get(0).latency()).isEqualTo(Duration.ofMillis(42));
          DeliveryReport waiting = report.deliveries().get(1);
          assertThat(waiting.channel()).isEqualTo(ChannelId.of("sms"));
          assertThat(waiting.status()).isEqualTo(DeliveryStatus.QUEUED);
          assertThat(waiting.reason()).isEqualTo("busier");
          assertThat(waiting.nextAttempt()).contains(StoredRows.acceptedAt(1).plusSeconds(5));
          assertThat(waiting.attempts())
              .extracting(a -> a.result().reason())
              .containsExactly("busy", "busier");
          assertThat(reader.find(StoredRows.id(3))).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDeliveryThatMovesFromTableToTableIsNeverMissed(TestDatabase kind) throws Exception {
    on(
        kind,
        Payloads.plain(),
        (rows, reader) -> {
          rows.owed(1, 0, toAda());
          rows.close();
          AtomicBoolean done = new AtomicBoolean();
          CountDownLatch moving = new CountDownLatch(20);
          ExecutorService thread = Executors.newSingleThreadExecutor();
          try {
            Future<?> mover = thread.submit(() -> moveBackAndForth(kind, done, moving));
            assertThat(moving.await(60, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 150; i++) {
              assertThat(reader.find(StoredRows.id(1))).as("find %d", i).isPresent();
            }
            done.set(true);
            mover.get(60, TimeUnit.SECONDS);
          } finally {
            done.set(true);
            thread.shutdownNow();
          }
        });
  }

  private static final String SHARED =
      "accepted_at, priority, lane, step, attempts, made, recipient, envelope, content";
  private static final List<String> MOVING =
      List.of(
          "INSERT INTO notifier_history (id, settled_at, status, reason, "
              + SHARED
              + ") SELECT id, 1, 3, '', "
              + SHARED
              + " FROM notifier_queue",
          "DELETE FROM notifier_queue");
  private static final List<String> MOVING_BACK =
      List.of(
          "INSERT INTO notifier_queue (id, due, owner, fence, step_since, mark, "
              + SHARED
              + ") SELECT id, 1, 0, 0, 1, 0, "
              + SHARED
              + " FROM notifier_history",
          "DELETE FROM notifier_history");
  private static final List<String> SETTLING_IN_PLACE =
      List.of("UPDATE notifier_delivery SET owner = NULL, settled_at = 1, status = 3, reason = ''");
  private static final List<String> OWING_IN_PLACE =
      List.of(
          "UPDATE notifier_delivery SET owner = 0, settled_at = NULL, status = NULL,"
              + " reason = NULL");

  private @Nullable Void moveBackAndForth(
      TestDatabase kind, AtomicBoolean done, CountDownLatch moving) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      while (!done.get()) {
        for (String sql : kind == TestDatabase.H2 ? SETTLING_IN_PLACE : MOVING) {
          statement.execute(sql);
        }
        connection.commit();
        for (String sql : kind == TestDatabase.H2 ? OWING_IN_PLACE : MOVING_BACK) {
          statement.execute(sql);
        }
        connection.commit();
        moving.countDown();
      }
    }
    return null;
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasNotKeptIsReportedWithoutContent(TestDatabase database) throws Exception {
    on(
        database,
        Payloads.plain(),
        (rows, reader) -> {
          rows.settled(1, 0, toAda(), DeliveryStatus.CANCELLED, false);
          rows.close();

          NotificationReport report = reader.find(StoredRows.id(1)).orElseThrow();

          assertThat(report.notification())
              .usingRecursiveComparison()
              .isEqualTo(toAda().withoutContent());
          assertThat(report.deliveries().get(0).attempts()).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2")
  void theNodeThatHasADeliveryInHandKnowsMore(TestDatabase database) throws Exception {
    on(
        database,
        Payloads.plain(),
        (rows, reader) -> {
          rows.owed(1, 0, toAda());
          rows.close();
          DeliveryId id = new DeliveryId(StoredRows.id(1), 0);

          held.put(id, new HistoryReader.Held(DeliveryStatus.QUEUED, "limited"));
          assertThat(reader.find(id.notification()).orElseThrow().reason()).isEqualTo("limited");
          held.put(id, new HistoryReader.Held(DeliveryStatus.SENDING, ""));
          DeliveryReport sending = reader.find(id.notification()).orElseThrow().deliveries().get(0);

          assertThat(sending.status()).isEqualTo(DeliveryStatus.SENDING);
          assertThat(sending.nextAttempt()).isEmpty();
          assertThat(ids(reader, HistoryQuery.builder().status(DeliveryStatus.SENDING).build()))
              .containsExactly(id.notification());
          assertThat(ids(reader, HistoryQuery.builder().status(DeliveryStatus.QUEUED).build()))
              .isEmpty();
        });
  }

  // --- search -----------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void everyQueryFindsExactlyWhatMatchesInOrder(TestDatabase database) throws Exception {
    List<NotificationReport> all = new ArrayList<>();
    on(
        database,
        encrypted(),
        (rows, reader) -> {
          DeliveryStatus[] statuses = {
            DeliveryStatus.SENT,
            DeliveryStatus.FAILED,
            DeliveryStatus.DELIVERED,
            DeliveryStatus.EXPIRED,
            DeliveryStatus.QUEUED
          };
          for (int i = 0; i < 700; i++) {
            Notification notification = mixed(i);
            for (int leg = 0; leg < notification.route().legs().size(); leg++) {
              DeliveryStatus status = statuses[(i + leg) % statuses.length];
              if (status == DeliveryStatus.QUEUED) {
                rows.owed(i, leg, notification);
              } else {
                rows.settled(i, leg, notification, status);
              }
            }
          }
          rows.close();
          all.addAll(reader.search(HistoryQuery.builder().pageSize(1000).build()).items());
          assertThat(all)
              .extracting(NotificationReport::id)
              .isEqualTo(IntStream.range(0, 700).mapToObj(i -> StoredRows.id(699 - i)).toList());
          assertThat(all)
              .allSatisfy(
                  report ->
                      assertThat(report.deliveries())
                          .hasSize(report.notification().route().legs().size()));

          for (HistoryQuery query : queries()) {
            List<NotificationId> expected =
                all.stream().filter(query::matches).map(NotificationReport::id).toList();
            assertThat(expected).as("of %s", query.statuses()).isNotEmpty();
            assertThat(ids(reader, query)).isEqualTo(expected);
          }
          assertThat(reader.deadLetters(100))
              .extracting(NotificationReport::id)
              .isEqualTo(
                  all.stream()
                      .filter(
                          report ->
                              report.deliveries().stream()
                                  .anyMatch(d -> d.status() == DeliveryStatus.FAILED))
                      .map(NotificationReport::id)
                      .limit(100)
                      .toList());
        });
  }

  private static Notification mixed(int i) {
    Notification.Builder builder =
        Notification.to(
                Recipient.named("user-" + i % 7).email("a@example.com").sms("+4915112345678"))
            .text("hello " + i);
    if (i % 3 == 0) {
      builder.viaAll("email", "sms");
    } else {
      builder.via(i % 2 == 0 ? "email" : "sms");
    }
    if (i % 4 == 0) {
      builder.tag("quarter", "tag-" + i % 8);
    }
    return i % 5 == 0 ? builder.correlationId("order-" + i % 10).build() : builder.build();
  }

  private static List<HistoryQuery> queries() {
    Instant early = StoredRows.acceptedAt(100);
    Instant late = StoredRows.acceptedAt(420);
    return List.of(
        HistoryQuery.builder().pageSize(1000).build(),
        HistoryQuery.builder().pageSize(300).build(),
        HistoryQuery.builder().recipientNamed("user-3").pageSize(7).build(),
        HistoryQuery.builder().recipientNamed("user-3").channel("sms").pageSize(7).build(),
        HistoryQuery.builder().recipientNamed("user-3").status(DeliveryStatus.QUEUED).build(),
        HistoryQuery.builder().recipientNamed("user-3").status(DeliveryStatus.FAILED).build(),
        HistoryQuery.builder().correlationId("order-5").pageSize(9).build(),
        HistoryQuery.builder().correlationId("order-5").recipientNamed("user-0").build(),
        HistoryQuery.builder().tag("quarter").pageSize(9).build(),
        HistoryQuery.builder().tag("quarter").tag("tag-4").channel("sms").build(),
        HistoryQuery.builder().tag("tag-0").status(DeliveryStatus.FAILED).pageSize(2).build(),
        HistoryQuery.builder().status(DeliveryStatus.FAILED).build(),
        HistoryQuery.builder().status(DeliveryStatus.FAILED, DeliveryStatus.EXPIRED).build(),
        HistoryQuery.builder().status(DeliveryStatus.FAILED, DeliveryStatus.QUEUED).build(),
        HistoryQuery.builder().status(DeliveryStatus.QUEUED).pageSize(20).build(),
        HistoryQuery.builder().status(DeliveryStatus.SENT).channel("email").build(),
        HistoryQuery.builder().acceptedFrom(early).acceptedTo(late).build(),
        HistoryQuery.builder().acceptedTo(early).status(DeliveryStatus.EXPIRED).build(),
        HistoryQuery.builder().acceptedFrom(Instant.MIN).acceptedTo(Instant.MAX).build(),
        HistoryQuery.builder().acceptedFrom(late).recipientNamed("user-1").pageSize(2).build());
  }

  private static List<NotificationId> ids(HistoryReader reader, HistoryQuery query) {
    List<NotificationId> ids = new ArrayList<>();
    HistoryQuery next = query;
    for (int pages = 0; pages < 1000; pages++) {
      Page<NotificationReport> page = reader.search(next);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(query.pageSize());
      page.items().forEach(report -> ids.add(report.id()));
      if (page.next().isEmpty()) {
        return ids;
      }
      next = query.after(page.next().get());
    }
    throw new AssertionError("a search without an end: " + ids.size());
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "POSTGRESQL")
  void aSearchForWhatIsRareEndsItsPageEarlyButFindsIt(TestDatabase database) throws Exception {
    Notification usual = Notification.to("email:a@example.com").text("x").build();
    Notification rare = Notification.to("pager:1").text("x").build();
    on(
        database,
        Payloads.plain(),
        (rows, reader) -> {
          rows.settled(0, 0, rare, DeliveryStatus.SENT);
          for (int i = 1; i < 20_500; i++) {
            rows.settled(i, 0, usual, DeliveryStatus.SENT);
          }
          rows.close();
          HistoryQuery query = HistoryQuery.builder().channel("pager").pageSize(1000).build();

          Page<NotificationReport> first = reader.search(query);

          assertThat(first.items()).isEmpty();
          assertThat(first.next()).isPresent();
          assertThat(ids(reader, query)).containsExactly(StoredRows.id(0));
        });
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aProvidersIdLeadsToTheNewestDelivery(TestDatabase database) throws Exception {
    on(
        database,
        Payloads.plain(),
        (rows, reader) -> {
          rows.settled(1, 0, toAda(), DeliveryStatus.SENT);
          rows.settled(2, 0, toAda(), DeliveryStatus.SENT);
          rows.close();

          ChannelId email = ChannelId.of("email");
          assertThat(reader.byProviderId(email, "provider-2-0"))
              .contains(new DeliveryId(StoredRows.id(2), 0));
          assertThat(reader.byProviderId(email, "PROVIDER-2-0")).isEmpty();
          assertThat(reader.byProviderId(ChannelId.of("sms"), "provider-2-0")).isEmpty();
          assertThat(reader.byProviderId(email, "x".repeat(2000) + "\0")).isEmpty();
        });
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2")
  void aFanOutOfManyLegsIsReadWhole(TestDatabase database) throws Exception {
    String[] channels = IntStream.range(0, 200).mapToObj(i -> "c" + i).toArray(String[]::new);
    Recipient recipient = Recipient.named("many");
    for (String channel : channels) {
      recipient = recipient.address(channel, "x");
    }
    Notification notification =
        Notification.to(recipient)
            .viaAll(channels[0], Arrays.copyOfRange(channels, 1, channels.length))
            .text("x")
            .build();
    on(
        database,
        Payloads.plain(),
        (rows, reader) -> {
          for (int leg = 0; leg < 200; leg++) {
            rows.settled(1, leg, notification, DeliveryStatus.SENT);
            rows.settled(2, leg, notification, DeliveryStatus.SENT);
          }
          rows.close();

          Page<NotificationReport> page = reader.search(HistoryQuery.builder().build());

          assertThat(page.items()).hasSize(2);
          assertThat(page.items())
              .allSatisfy(report -> assertThat(report.deliveries()).hasSize(200));
        });
  }
}
