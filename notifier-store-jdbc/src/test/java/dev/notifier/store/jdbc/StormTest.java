package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Batch;
import dev.notifier.BatchRun;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HistoryQuery;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationReport;
import dev.notifier.Notifier;
import dev.notifier.Page;
import dev.notifier.Priority;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.spi.DeliveryUpdate;
import dev.notifier.spi.PurgeRequest;
import dev.notifier.spi.PurgeStep;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On H2 what is free is written in two tables, and a recipient is found by where the row lies: both
 * hold whatever several nodes do at once. {@code -Dnotifier.storm.actions=20000} makes it longer.
 */
class StormTest {
  private static final int ACTIONS = Integer.getInteger("notifier.storm.actions", 25);
  private static final int RECIPIENTS = 5;
  private static final long SEED = Long.getLong("notifier.storm.seed", 20261121);

  /** Of what is free in one table, what is not the same in the other. */
  private static final String UNEQUAL =
      "SELECT 'not in free', RAWTOHEX(d.id), d.lane, d.priority, d.due FROM storm_delivery d"
          + " WHERE d.owner = 0 AND NOT EXISTS (SELECT 1 FROM storm_free f WHERE f.id = d.id"
          + " AND f.lane = d.lane AND f.priority = d.priority AND f.due = d.due)"
          + " UNION ALL SELECT 'in free only', RAWTOHEX(f.id), f.lane, f.priority, f.due"
          + " FROM storm_free f WHERE NOT EXISTS"
          + " (SELECT 1 FROM storm_delivery d WHERE d.id = f.id AND d.owner = 0)";

  private final Map<NotificationId, Notification> accepted = new ConcurrentHashMap<>();
  private final Set<NotificationId> cancelled = ConcurrentHashMap.newKeySet();
  private EmptyDatabase database;
  @TempDir private Path directory;

  @Test
  void whatIsFreeAndWhereItLiesIsTrueWhateverNodesDoAtOnce() throws Exception {
    database = TestDatabase.H2.create(directory);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (TestNode one = node();
        TestNode two = node();
        TestNode dying = node()) {
      List<Future<?>> storms = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Notifier notifier = (i % 2 == 0 ? one : two).notifier();
        Random random = new Random(SEED + i);
        storms.add(threads.submit(() -> storm(notifier, random)));
      }
      for (int i = 0; i < 20; i++) {
        accept(dying.notifier(), message(i));
        accept(dying.notifier(), message(i).sendAt(Instant.now().plusSeconds(1)));
      }
      dying.abandon();
      for (Future<?> storm : storms) {
        storm.get(10, TimeUnit.MINUTES);
      }
      Until.holds(() -> owed().isEmpty());
      assertThat(unequal()).isEmpty();
      assertThat(strayLookups()).isEmpty();
      assertNothingIsLost(one.notifier());
      assertAreFound(two.notifier());
      assertUpdatesAreFound(two);
      assertNothingIsLeftBehindByAPurge(one);
    } finally {
      threads.shutdownNow();
      database.close();
    }
  }

  // --- The storm --------------------------------------------------------------------------------

  /** Lanes with little room, so that most of what is accepted is free and claimed by either. */
  private TestNode node() {
    ChannelPolicy policy =
        ChannelPolicy.builder()
            .concurrency(2)
            .capacity(20)
            .withoutBreakers()
            .jitter(0)
            .retry(RetryPolicy.delays(Duration.ofMillis(20), Duration.ofMillis(2100)))
            .build();
    return TestNode.on(
        database.dataSource(),
        StormTest::provide,
        builder -> builder.tablePrefix("storm_"),
        policy);
  }

  /** Some at once, some later, some never on this channel. */
  private static DeliveryResult provide(DeliveryAttempt attempt) {
    int kind = attempt.delivery().notification().hashCode() & 7;
    if (kind == 0 && attempt.channel().value().equals("provider")) {
      return DeliveryResult.permanentFailure("no");
    }
    return attempt.number() <= Math.max(0, kind - 5)
        ? DeliveryResult.transientFailure("busy")
        : DeliveryResult.accepted("m-" + attempt.delivery());
  }

  private int storm(Notifier notifier, Random random) throws Exception {
    for (int i = 0; i < ACTIONS; i++) {
      act(notifier, random);
      if (i % 10 == 0) {
        assertThat(unequal()).as("seed %d, in the midst of it", SEED).isEmpty();
      }
    }
    return ACTIONS;
  }

  private void act(Notifier notifier, Random random) throws Exception {
    int number = random.nextInt();
    Notification.Builder message = message(number);
    switch (random.nextInt(8)) {
      case 0 -> accept(notifier, message.sendAt(Instant.now().plusMillis(random.nextInt(1500))));
      case 1 -> {
        NotificationId id = accept(notifier, message.sendAt(Instant.now().plusSeconds(3600)));
        assertThat(notifier.cancel(id)).isTrue();
        cancelled.add(id);
      }
      case 2 -> sendInTransaction(notifier, message.build(), random.nextBoolean());
      case 3 -> sendBatch(notifier, random);
      case 4 -> accept(notifier, toOneOf(number).viaAll("provider", "other"));
      case 5 -> accept(notifier, message.priority(Priority.CRITICAL));
      default -> accept(notifier, message);
    }
  }

  private static Notification.Builder message(int number) {
    return toOneOf(number).via("provider").orElse("other");
  }

  private static Notification.Builder toOneOf(int number) {
    String name = "n-" + (number & 0xFFFF) % RECIPIENTS;
    return Notification.to(Recipient.named(name).address("provider", "p").address("other", "o"))
        .correlationId("c-" + number % 7)
        .tag("storm")
        .text("hi " + number);
  }

  private NotificationId accept(Notifier notifier, Notification.Builder builder) {
    Notification message = builder.build();
    NotificationId id = notifier.send(message).id();
    accepted.put(id, message);
    return id;
  }

  private void sendInTransaction(Notifier notifier, Notification message, boolean commit)
      throws SQLException {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      JdbcTransaction transaction = JdbcTransaction.on(connection);
      NotificationId id = notifier.send(message, transaction).id();
      if (commit) {
        connection.commit();
        transaction.committed();
        accepted.put(id, message);
      } else {
        connection.rollback();
      }
    }
  }

  private void sendBatch(Notifier notifier, Random random) {
    List<Notification> messages =
        IntStream.range(0, 30).mapToObj(i -> message(random.nextInt()).build()).toList();
    BatchRun run =
        notifier.sendAll(
            Batch.atomic(messages)
                .onItem(
                    item ->
                        accepted.put(item.id().orElseThrow(), messages.get((int) item.index()))));
    if (random.nextBoolean()) {
      run.cancel();
    }
  }

  // --- What must hold ---------------------------------------------------------------------------

  private List<String> unequal() throws SQLException {
    return rows(UNEQUAL);
  }

  private List<String> owed() throws SQLException {
    return rows("SELECT RAWTOHEX(id), lane, due, owner FROM storm_queue");
  }

  private List<String> strayLookups() throws SQLException {
    return rows(
        "SELECT hash, RAWTOHEX(id) FROM storm_lookup l"
            + " WHERE NOT EXISTS (SELECT 1 FROM storm_delivery d WHERE d.id = l.id)");
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join(" ", row));
      }
    }
    return rows;
  }

  private void assertNothingIsLost(Notifier notifier) throws SQLException {
    assertThat(rows("SELECT DISTINCT SUBSTRING(id, 1, 16) FROM storm_delivery"))
        .as("what was accepted, and nothing that was rolled back")
        .hasSize(accepted.size());
    accepted.keySet().forEach(id -> assertThat(notifier.find(id)).isPresent());
    cancelled.forEach(
        id ->
            assertThat(notifier.find(id).orElseThrow().status())
                .isEqualTo(DeliveryStatus.CANCELLED));
  }

  private void assertAreFound(Notifier notifier) {
    for (int i = 0; i < RECIPIENTS; i++) {
      String name = "n-" + i;
      String key = Recipient.named(name).key();
      Set<NotificationId> expected = idsOf(message -> message.recipient().key().equals(key));
      for (int size : new int[] {7, 100}) {
        HistoryQuery query = HistoryQuery.builder().recipientNamed(name).pageSize(size).build();
        assertThat(all(notifier, query)).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
    for (int i = -6; i < 7; i++) {
      String correlation = "c-" + i;
      assertThat(
              all(notifier, HistoryQuery.builder().correlationId(correlation).pageSize(9).build()))
          .containsExactlyInAnyOrderElementsOf(
              idsOf(message -> message.correlationId().equals(Optional.of(correlation))));
    }
  }

  private void assertUpdatesAreFound(TestNode node) {
    HistoryQuery sent = HistoryQuery.builder().status(DeliveryStatus.SENT).pageSize(20).build();
    Set<NotificationId> bounced = new HashSet<>();
    for (NotificationReport report : node.notifier().search(sent).items()) {
      for (DeliveryReport delivery : report.deliveries()) {
        if (delivery.status() == DeliveryStatus.SENT) { // another leg may have failed
          DeliveryUpdate update =
              DeliveryUpdate.of("m-" + delivery.id(), DeliveryStatus.BOUNCED, "full");
          assertThat(node.store().update(delivery.channel(), update)).isPresent();
          bounced.add(report.id());
        }
      }
    }
    assertThat(
            all(
                node.notifier(),
                HistoryQuery.builder().status(DeliveryStatus.BOUNCED).pageSize(7).build()))
        .containsExactlyInAnyOrderElementsOf(bounced);
  }

  private void assertNothingIsLeftBehindByAPurge(TestNode node) throws SQLException {
    Instant end = Instant.now().plusSeconds(60);
    Set<DeliveryStatus> trouble = EnumSet.of(DeliveryStatus.BOUNCED, DeliveryStatus.CANCELLED);
    Set<DeliveryStatus> settled = EnumSet.allOf(DeliveryStatus.class);
    settled.removeIf(status -> !status.isSettled());
    int forgotten = 0;
    for (Set<DeliveryStatus> statuses : List.of(trouble, settled)) {
      PurgeRequest request = new PurgeRequest(end, statuses, Optional.empty());
      PurgeStep step = node.store().purge(request);
      forgotten += step.forgotten();
      while (step.next().isPresent()) {
        step = node.store().purge(request.goingOn(step.next().get()));
        forgotten += step.forgotten();
      }
    }
    assertThat(forgotten).isEqualTo(accepted.size());
    for (String table : List.of("delivery", "free", "lookup", "attempt", "tag", "body")) {
      assertThat(rows("SELECT id FROM storm_" + table)).as(table).isEmpty();
    }
  }

  private Set<NotificationId> idsOf(Predicate<Notification> condition) {
    return accepted.entrySet().stream()
        .filter(each -> condition.test(each.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static List<NotificationId> all(Notifier notifier, HistoryQuery query) {
    List<NotificationId> found = new ArrayList<>();
    Page<NotificationReport> page = notifier.search(query);
    page.items().forEach(report -> found.add(report.id()));
    while (page.next().isPresent()) {
      page = notifier.search(query.after(page.next().get()));
      page.items().forEach(report -> found.add(report.id()));
    }
    return found;
  }
}
