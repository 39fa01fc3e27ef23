package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryExport;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.ReplayReport;
import dev.notifier.ResendException;
import dev.notifier.spi.AppliedUpdate;
import dev.notifier.spi.Channel;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator does with a database: send again, purge, export; and what purging leaves. */
class OperationsTest {
  private static final HistoryQuery ALL = HistoryQuery.builder().build();
  private static final Set<DeliveryStatus> SETTLED =
      EnumSet.complementOf(
          EnumSet.of(DeliveryStatus.SCHEDULED, DeliveryStatus.QUEUED, DeliveryStatus.SENDING));

  private static final ChannelId PAGER = ChannelId.of("pager");
  private static final ChannelId DESK = ChannelId.of("desk");
  private static final Recipient ADA =
      Recipient.named("ada").address("pager", "1").address("desk", "2");

  private final AtomicBoolean refuses = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private final List<AutoCloseable> open = new ArrayList<>();
  private EmptyDatabase database;
  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    database.close();
  }

  private void create(TestDatabase kind) {
    database = kind.create(directory);
    JdbcSchema.of(database.dataSource()).migrate();
  }

  private JdbcNotificationStore store(UnaryOperator<JdbcStoreBuilder> settings) {
    JdbcNotificationStore store =
        settings
            .apply(
                JdbcNotificationStore.builder(database.dataSource())
                    .historyAge(Duration.ofDays(3650)))
            .build();
    open.add(store);
    return store;
  }

  private Notifier notifier(UnaryOperator<JdbcStoreBuilder> settings) {
    Channel channel =
        attempt -> {
          calls.incrementAndGet();
          return refuses.get()
              ? DeliveryResult.permanentFailure("550 no")
              : DeliveryResult.accepted();
        };
    Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .channel("pager", channel)
            .channel("desk", channel)
            .store(store(settings))
            .build();
    open.add(notifier);
    return notifier;
  }

  private NotificationId settled(Notifier notifier, Notification notification) throws Exception {
    Receipt receipt = notifier.send(notification);
    assertThat(receipt.await(Duration.ofSeconds(30))).isPresent();
    return receipt.id();
  }

  private NotificationId failed(Notifier notifier) throws Exception {
    refuses.set(true);
    NotificationId id = settled(notifier, toAda());
    refuses.set(false);
    return id;
  }

  private static Notification toAda() {
    return Notification.to(ADA).via("pager").text("hello").build();
  }

  private static Notification fanOut() {
    return Notification.to(ADA).viaAll("pager", "desk").text("hello").build();
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

  // --- Sending again ----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aDeadLetterIsReplayedOnceByTwoProcessesAndOverARestart(TestDatabase kind) throws Exception {
    create(kind);
    NotificationId first;
    NotificationId replay;
    try (Notifier a = notifier(builder -> builder.nodeName("a"));
        Notifier b = notifier(builder -> builder.nodeName("b"))) {
      first = failed(a);
      Until.holds(() -> b.deadLetters().find(first).isPresent());
      ExecutorService two = Executors.newFixedThreadPool(2);
      try {
        Future<Receipt> byA = two.submit(() -> a.deadLetters().replay(first));
        Future<Receipt> byB = two.submit(() -> b.deadLetters().replay(first));
        replay = byA.get(30, TimeUnit.SECONDS).id();
        assertThat(byB.get(30, TimeUnit.SECONDS).id()).isEqualTo(replay);
        assertThat(byA.get().isDuplicate()).isNotEqualTo(byB.get().isDuplicate());
      } finally {
        two.shutdownNow();
      }
      Until.holds( // whichever of them sends it
          () ->
              a.find(replay).filter(report -> report.status() == DeliveryStatus.SENT).isPresent());
    }
    assertThat(calls).hasValue(2);

    try (Notifier again = notifier(UnaryOperator.identity())) {
      assertThat(again.deadLetters().find(first).orElseThrow().replayedAs()).hasValue(replay);
      assertThat(again.find(replay).orElseThrow().replayOf()).hasValue(first);
      assertThat(again.deadLetters().replayAll(ALL))
          .isEqualTo(new ReplayReport(0, 1, 0, List.of()));
      assertThat(again.deadLetters().replay(first).isDuplicate()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aReplayIsKnownForLongerThanAnIdempotencyKeyAndUnderAnotherKey(TestDatabase kind)
      throws Exception {
    create(kind);
    UnaryOperator<JdbcStoreBuilder> forAMinute =
        builder -> builder.idempotencyWindow(Duration.ofMinutes(1));
    NotificationId first;
    NotificationId replay;
    try (Notifier before = notifier(forAMinute)) {
      first = failed(before);
      Receipt receipt = before.deadLetters().replay(first);
      receipt.await(Duration.ofSeconds(30));
      replay = receipt.id();
    }
    long inADay = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    assertThat(count("dedup WHERE expires_at > " + inADay)).isEqualTo(1);

    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 7);
    KeyRing keys = KeyRing.of(1, key, new byte[32]);
    try (Notifier encrypted =
        notifier(builder -> forAMinute.apply(builder).encryption(PayloadCipher.aes256(keys)))) {
      assertThat(encrypted.deadLetters().replay(first).id()).isEqualTo(replay);
      assertThat(encrypted.deadLetters().find(first).orElseThrow().replayedAs()).hasValue(replay);
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatWasNotKeptIsNotSentAgain(TestDatabase kind) throws Exception {
    create(kind);
    Notifier notifier = notifier(builder -> builder.keepContent(false));
    NotificationId failed = failed(notifier);
    Until.holds( // until then, this process has it all
        () -> notifier.find(failed).orElseThrow().notification().content().isBlank());

    assertThatThrownBy(() -> notifier.deadLetters().replay(failed))
        .isInstanceOf(ResendException.class)
        .hasMessageContaining(failed.toString())
        .hasMessageContaining("keep-content");
    assertThatThrownBy(() -> notifier.resend(failed)).isInstanceOf(ResendException.class);
    ReplayReport report = notifier.deadLetters().replayAll(ALL);
    assertThat(report.refused()).isEqualTo(1);
    assertThat(report.refusals().get(0).reason()).contains("keep-content");
    assertThat(notifier.deadLetters().find(failed).orElseThrow().replayedAs()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aLongMessageAndAFanOutGoAgainWhole(TestDatabase kind) throws Exception {
    create(kind);
    Notifier notifier = notifier(UnaryOperator.identity());
    Notification longOne =
        Notification.to(ADA).viaAll("pager", "desk").text("long ".repeat(10_000)).build();
    NotificationId first = settled(notifier, longOne);

    Receipt second = notifier.resend(first);

    assertThat(second.await(Duration.ofSeconds(30)).map(Outcome::status))
        .hasValue(DeliveryStatus.SENT);
    NotificationReport report = notifier.find(second.id()).orElseThrow();
    assertThat(report.deliveries()).hasSize(2);
    assertThat(report.notification().content()).isEqualTo(longOne.content());
    assertThat(calls).hasValue(4);
  }

  // --- Purge ------------------------------------------------------------------------------------

  private static int purge(
      JdbcNotificationStore store, Instant before, Set<DeliveryStatus> states) {
    PurgeRequest request = new PurgeRequest(before, states, Optional.empty());
    PurgeStep step = store.purge(request);
    int forgotten = step.forgotten();
    while (step.next().isPresent()) {
      step = store.purge(request.goingOn(step.next().get()));
      forgotten += step.forgotten();
    }
    return forgotten;
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatIsPurgedTakesItsAttemptsAndBodiesAlongAndNothingElse(TestDatabase kind)
      throws Exception {
    create(kind);
    Instant before = StoredRows.acceptedAt(2000);
    try (StoredRows rows = rows()) {
      for (int i = 0; i < 3000; i++) {
        rows.settled(i, 0, toAda(), i % 10 == 0 ? DeliveryStatus.FAILED : DeliveryStatus.SENT);
      }
      rows.settled(5000, 0, fanOut(), DeliveryStatus.FAILED);
      rows.settled(5000, 1, fanOut(), DeliveryStatus.FAILED);
    }
    try (StoredRows rows = rows()) {
      for (int i : new int[] {0, 1, 1990, 2000, 5000}) {
        rows.attempt(i, 0, 1, StoredRows.attempt("pager", 1, DeliveryResult.ambiguous("x")));
        rows.body(i, toAda());
      }
    }
    JdbcNotificationStore store = store(UnaryOperator.identity());

    assertThat(purge(store, before, EnumSet.of(DeliveryStatus.FAILED))).isEqualTo(200);
    assertThat(count("history")).isEqualTo(2802);
    assertThat(count("attempt")).isEqualTo(3);
    assertThat(count("body")).isEqualTo(3);
    assertThat(purge(store, before, SETTLED)).isEqualTo(1800);
    assertThat(count("history")).isEqualTo(1002);
    assertThat(count("attempt")).isEqualTo(2);
    assertThat(purge(store, before, SETTLED)).isZero();
    assertThat(purge(store, before.plus(Duration.ofDays(1)), EnumSet.of(DeliveryStatus.FAILED)))
        .isEqualTo(101);
    assertThat(count("attempt")).isZero();
    assertThat(count("body")).isZero();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void aFanOutStaysWhileALegIsOwedOrYoungAndGoesByItsWorstState(TestDatabase kind)
      throws Exception {
    create(kind);
    Instant before = StoredRows.acceptedAt(100);
    try (StoredRows rows = rows()) {
      rows.settled(1, 0, fanOut(), DeliveryStatus.FAILED);
      rows.owed(1, 1, fanOut());
      rows.settled(2, 0, fanOut(), DeliveryStatus.SENT);
      rows.settled(2, 1, fanOut(), DeliveryStatus.FAILED);
      rows.settled(3, 1, fanOut(), DeliveryStatus.SENT); // its first leg is purged already
      rows.settled(4, 0, fanOut(), DeliveryStatus.SENT);
      rows.settled(4, 1, fanOut(), DeliveryStatus.SENT);
      rows.body(1, toAda());
      rows.body(2, toAda());
    }
    database.execute(
        "UPDATE "
            + kind.tables().history()
            + " SET settled_at = "
            + before.plusSeconds(3600).toEpochMilli()
            + " WHERE lane = 'desk' AND accepted_at = "
            + StoredRows.acceptedAt(4).toEpochMilli());
    JdbcNotificationStore store = store(UnaryOperator.identity());

    assertThat(purge(store, before, EnumSet.of(DeliveryStatus.SENT))).isEqualTo(1);
    assertThat(store.find(StoredRows.id(3))).isEmpty();
    assertThat(purge(store, before, SETTLED)).isEqualTo(1);
    assertThat(store.find(StoredRows.id(2))).isEmpty();
    assertThat(store.find(StoredRows.id(1)).orElseThrow().deliveries()).hasSize(2);
    assertThat(store.find(StoredRows.id(4)).orElseThrow().deliveries()).hasSize(2);
    assertThat(count("body")).isEqualTo(1);
    assertThat(purge(store, before.plusSeconds(7200), SETTLED)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void whatNobodyCanReadCanBePurged(TestDatabase kind) throws Exception {
    create(kind);
    try (StoredRows rows = rows()) {
      rows.settled(1, 0, toAda(), DeliveryStatus.FAILED);
    }
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement damage =
            connection.prepareStatement(
                "UPDATE " + kind.tables().history() + " SET envelope = ?")) {
      damage.setBytes(1, new byte[] {99, 1, 2});
      damage.executeUpdate();
    }
    JdbcNotificationStore store = store(UnaryOperator.identity());

    assertThat(purge(store, StoredRows.acceptedAt(100), SETTLED)).isEqualTo(1);
    assertThat(count("history")).isZero();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void sendsGoOnWhileMuchIsPurged(TestDatabase kind) throws Exception {
    create(kind);
    try (StoredRows rows = rows()) {
      for (int i = 0; i < 8_000; i++) {
        rows.settled(i, 0, toAda(), DeliveryStatus.SENT);
      }
    }
    Notifier notifier = notifier(UnaryOperator.identity());
    ExecutorService operator = Executors.newSingleThreadExecutor();
    try {
      Future<Long> purged =
          operator.submit(() -> notifier.history().purge(Duration.ofDays(1), DeliveryStatus.SENT));
      int sentMeanwhile = 0;
      while (!purged.isDone()) {
        settled(notifier, toAda());
        sentMeanwhile++;
      }

      assertThat(purged.get()).isEqualTo(8_000);
      assertThat(sentMeanwhile).isGreaterThan(1);
      assertThat(notifier.search(ALL).items()).hasSize(Math.min(50, sentMeanwhile));
    } finally {
      operator.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void everythingIsExportedPageByPage(TestDatabase kind) throws Exception {
    create(kind);
    try (StoredRows rows = rows()) {
      for (int i = 0; i < 2500; i++) {
        rows.settled(i, 0, toAda(), DeliveryStatus.SENT);
      }
      rows.owed(3000, 0, toAda());
    }
    Notifier notifier = notifier(UnaryOperator.identity());
    AtomicInteger withMask = new AtomicInteger();

    long lines =
        notifier
            .history()
            .export(
                HistoryExport.of(HistoryQuery.builder().pageSize(1000).build()),
                line -> withMask.addAndGet(line.contains("\"name\":\"ada\"") ? 1 : 0));

    assertThat(lines).isEqualTo(2501);
    assertThat(withMask).hasValue(2501);
  }

  // --- After an older leg was purged ------------------------------------------------------------

  private JdbcNotificationStore storeWithoutTheFirstLeg(DeliveryStatus second) throws SQLException {
    try (StoredRows rows = rows()) {
      if (second.isSettled()) {
        rows.settled(1, 1, fanOut(), second);
      } else {
        rows.owed(1, 1, fanOut());
      }
    }
    return store(UnaryOperator.identity());
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void anUpdateFindsTheLegThatIsLeft(TestDatabase kind) throws Exception {
    create(kind);
    JdbcNotificationStore store = storeWithoutTheFirstLeg(DeliveryStatus.SENT);
    DeliveryId left = new DeliveryId(StoredRows.id(1), 1);

    AppliedUpdate applied =
        store.update(DESK, DeliveryUpdate.of(left, DeliveryStatus.DELIVERED, "read")).orElseThrow();

    assertThat(applied.delivery().id()).isEqualTo(left);
    assertThat(applied.delivery().status()).isEqualTo(DeliveryStatus.DELIVERED);
    assertThat(store.owes(left)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void theLegThatIsLeftIsOwedAndCancelled(TestDatabase kind) throws Exception {
    create(kind);
    JdbcNotificationStore store = storeWithoutTheFirstLeg(DeliveryStatus.QUEUED);
    DeliveryId left = new DeliveryId(StoredRows.id(1), 1);

    assertThat(store.owes(left)).isTrue();
    assertThat(store.owes(new DeliveryId(StoredRows.id(1), 0))).isFalse();
    assertThat(store.cancel(StoredRows.id(1)).isComplete()).isTrue();
    assertThat(store.find(StoredRows.id(1)).orElseThrow().deliveries())
        .singleElement()
        .extracting(DeliveryReport::status)
        .isEqualTo(DeliveryStatus.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource(value = TestDatabase.class, names = "H2")
  void theLegThatAnotherNodeSentMeanwhileIsNotCancelled(TestDatabase kind) throws Exception {
    create(kind);
    JdbcNotificationStore store = storeWithoutTheFirstLeg(DeliveryStatus.QUEUED);
    database.execute(
        "UPDATE "
            + kind.tables().queue()
            + " SET owner = 77 WHERE settled_at IS NULL"); // of a node that does not answer

    assertThat(store.cancel(StoredRows.id(1)).isComplete()).isFalse();
  }

  // --- Early updates ----------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(TestDatabase.class)
  void everyEarlyUpdateHasItsTurnHoweverManyAreInVain(TestDatabase kind) throws Exception {
    create(kind);
    JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password())
            .historyAge(Duration.ofDays(3650))
            .build();
    open.add(store); // it keeps connections, of which each update would open one
    for (int i = 0; i < 1100; i++) {
      DeliveryUpdate update =
          DeliveryUpdate.of("provider-" + i + "-0", DeliveryStatus.DELIVERED, "read");
      assertThat(store.update(PAGER, update)).isEmpty();
    }
    try (StoredRows rows = rows()) {
      for (int i = 0; i < 1100; i += 10) {
        rows.settled(i, 0, toAda(), DeliveryStatus.SENT);
      }
    }

    for (int round = 0; round < 3; round++) {
      store.catchUp();
    }

    assertThat(count("history WHERE status = " + Codes.of(DeliveryStatus.DELIVERED)))
        .isEqualTo(110);
    assertThat(count("early_update")).isEqualTo(990);
  }
}
