package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Batch;
import dev.notifier.BatchItem;
import dev.notifier.BatchReport;
import dev.notifier.BatchReport.State;
import dev.notifier.BatchRun;
import dev.notifier.ChannelOptions;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.spi.Channel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches whose items lie on several nodes, or outlive the one that read them. */
class BatchesOnNodesTest {
  private static final ChannelPolicy SMALL =
      ChannelPolicy.builder().concurrency(1).capacity(20).withoutBreakers().build();

  private final List<AutoCloseable> open = new ArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger sent = new AtomicInteger();
  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    release.countDown();
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  private EmptyDatabase database(TestDatabase kind) {
    return closing(kind.create(directory));
  }

  private Channel counting() {
    return attempt -> {
      sent.incrementAndGet();
      return DeliveryResult.accepted();
    };
  }

  private Channel blocking() {
    return attempt -> {
      release.await(60, TimeUnit.SECONDS);
      sent.incrementAndGet();
      return DeliveryResult.accepted();
    };
  }

  private TestNode node(EmptyDatabase database, Channel provider) {
    return closing(TestNode.on(database.dataSource(), provider, UnaryOperator.identity(), SMALL));
  }

  private static Stream<Notification> messages(int count) {
    return IntStream.range(0, count).mapToObj(i -> TestNode.message().build());
  }

  /** A source that does not end, and after some items does not go on either. */
  private Stream<Notification> stuckAfter(int count) {
    return Stream.concat(
        messages(count),
        Stream.generate(
            () -> {
              try {
                release.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              throw new IllegalStateException("no more");
            }));
  }

  private static BatchReport report(TestNode node, BatchRun run) {
    return node.notifier().batches().find(run.id()).orElseThrow();
  }

  private long count(EmptyDatabase database, String from) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM notifier_" + from)) {
      result.next();
      return result.getLong(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchWhoseReaderDiesIsInterruptedAndWhatWasAcceptedIsDelivered(TestDatabase kind)
      throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, blocking());
    BatchRun run = a.notifier().sendAll(Batch.bestEffort(stuckAfter(1000)));
    Until.holds(() -> report(a, run).progress().accepted() == 1000);
    assertThat(report(a, run).state()).isEqualTo(State.READING);

    a.abandon();
    TestNode b = node(database, counting());

    Until.holds(() -> report(b, run).state() == State.INTERRUPTED);
    Until.holds(() -> report(b, run).progress().complete());
    BatchReport report = report(b, run);
    assertThat(report.progress().settled()).isEqualTo(Map.of(DeliveryStatus.SENT, 1000L));
    assertThat(report.progress().problem()).contains("process");
    assertThat(report.finishedAt()).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void aBatchIsCancelledFromAnotherNodeWhereverItWaits(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, blocking());
    BatchRun run = a.notifier().sendAll(Batch.bestEffort(messages(3000)));
    Until.holds(() -> report(a, run).state() == State.SENDING);
    TestNode b = node(database, blocking()); // takes some of what is free into its own lane
    Until.holds(() -> b.store().node().owned().size() > 0);

    assertThat(b.notifier().batches().cancel(run.id())).isTrue();

    Until.holds(() -> report(b, run).progress().pending() <= 2); // one is being sent on each
    release.countDown();
    Until.holds(() -> report(b, run).progress().complete());
    BatchReport report = report(a, run);
    assertThat(report.state()).isEqualTo(State.CANCELLED);
    assertThat(report.progress().count(DeliveryStatus.SENT))
        .isEqualTo(sent.get())
        .isBetween(1L, 2L);
    assertThat(report.progress().count(DeliveryStatus.CANCELLED)).isEqualTo(3000 - sent.get());
    Until.holds(() -> count(database, "batch WHERE cancelling = 2") == 1);
    assertThat(run.await(TestNode.PATIENCE)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aReaderStopsWhenItsBatchIsCancelledElsewhere(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, blocking());
    TestNode b = node(database, blocking());
    BatchRun run =
        a.notifier().sendAll(Batch.bestEffort(Stream.generate(() -> TestNode.message().build())));
    Until.holds(() -> report(b, run).progress().accepted() > 0);

    b.notifier().batches().cancel(run.id());
    release.countDown();

    assertThat(run.await(TestNode.PATIENCE)).isTrue();
    Until.holds(() -> report(b, run).progress().complete());
    assertThat(report(b, run).state()).isEqualTo(State.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource
  void whoWaitsForABatchIsToldWhenAnotherNodeHasSentTheRest(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    CountDownLatch entered = new CountDownLatch(1);
    TestNode a =
        node(
            database,
            attempt -> {
              entered.countDown();
              release.await(60, TimeUnit.SECONDS);
              return DeliveryResult.accepted();
            });
    BatchRun run = a.notifier().sendAll(Batch.atomic(messages(100).toList()));
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    node(database, counting());
    Until.holds(() -> sent.get() > 50);
    assertThat(run.await(Duration.ofMillis(100))).isFalse();

    release.countDown();

    assertThat(run.await(TestNode.PATIENCE)).isTrue();
    assertThat(run.progress().complete()).isTrue();
    assertThat(run.progress().count(DeliveryStatus.SENT)).isLessThan(100);
    assertThat(report(a, run).progress().count(DeliveryStatus.SENT)).isEqualTo(100);
  }

  // --- All or none ------------------------------------------------------------------------------

  private static Notification tooLarge() {
    Map<String, String> options = Map.of("a", "x".repeat(600_000), "b", "x".repeat(600_000));
    return TestNode.message().options(ChannelOptions.of("provider", options)).build();
  }

  @ParameterizedTest
  @EnumSource
  void anAtomicBatchThatFailsInTheMiddleLeavesNothing(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, counting());
    List<Notification> items = new ArrayList<>(messages(2000).toList());
    items.set(1500, tooLarge()); // a thousand are in the transaction by then

    assertThatThrownBy(() -> a.notifier().sendAll(Batch.atomic(items)))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContainingAll("item 1500", "1000000", "nothing of the batch was accepted");

    assertThat(count(database, "queue")).isZero();
    assertThat(count(database, "batch")).isZero();
    assertThat(sent).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  void aLargeAtomicBatchWithKeysAndTagsIsOneTransaction(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, blocking());
    List<Notification> items =
        IntStream.range(0, 2500)
            .mapToObj(
                i -> TestNode.message().tag("spring").idempotencyKey("key-" + i % 2200).build())
            .toList();
    AtomicInteger wrong = new AtomicInteger();
    Thread watching =
        new Thread(
            () -> {
              try {
                long seen = 0;
                while (seen == 0) {
                  seen = count(database, "tag");
                  LockSupport.parkNanos(1_000_000);
                }
                wrong.set(seen == 2200 ? 0 : 1);
              } catch (SQLException e) {
                wrong.set(2);
              }
            });
    watching.start();

    BatchRun run = a.notifier().sendAll(Batch.atomic(items));
    watching.join(60_000);

    assertThat(wrong).hasValue(0);
    assertThat(run.progress().accepted()).isEqualTo(2200);
    assertThat(report(a, run).progress().duplicates()).isEqualTo(300);
    release.countDown();
    assertThat(run.await(TestNode.PATIENCE)).isTrue();
    assertThat(sent).hasValue(2200);
  }

  @ParameterizedTest
  @EnumSource
  void anItemThatIsTooLargeIsRefusedAloneByABestEffortBatch(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, counting());
    List<BatchItem> told = new ArrayList<>();

    BatchRun run =
        a.notifier()
            .sendAll(
                Batch.bestEffort(
                        Stream.concat(
                            Stream.concat(messages(3), Stream.of(tooLarge())), messages(3)))
                    .onItem(told::add));

    assertThat(run.await(TestNode.PATIENCE)).isTrue();
    assertThat(told).extracting(BatchItem::index).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(told).filteredOn(item -> item.id().isEmpty()).hasSize(1);
    assertThat(told.get(3).reason()).contains("1000000");
    assertThat(report(a, run).progress().refused()).isEqualTo(1);
    assertThat(sent).hasValue(6);
  }

  // --- Tidying up -------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void aBatchIsForgottenWithItsHistory(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, counting());
    BatchRun old = a.notifier().sendAll(Batch.atomic(messages(3).toList()));
    BatchRun waiting = a.notifier().sendAll(Batch.atomic(messages(3).toList()));
    BatchRun young = a.notifier().sendAll(Batch.atomic(messages(3).toList()));
    assertThat(old.await(TestNode.PATIENCE)).isTrue();
    assertThat(waiting.await(TestNode.PATIENCE)).isTrue();
    assertThat(young.await(TestNode.PATIENCE)).isTrue();
    Until.holds(() -> count(database, "history") == 9);
    database.execute("UPDATE notifier_batch SET started_at = 5 WHERE id <> " + group(young));
    database.execute("DELETE FROM " + kind.tables().history() + " WHERE " + ofBatch(kind, old));

    a.store().node().housekeeper().tidyUp();

    assertThat(a.notifier().batches().find(old.id())).isEmpty();
    assertThat(a.notifier().batches().find(waiting.id())).isPresent();
    assertThat(a.notifier().batches().find(young.id())).isPresent();
  }

  private static long group(BatchRun run) {
    return BatchReport.groupOf(run.id());
  }

  private static String ofBatch(TestDatabase kind, BatchRun run) {
    return switch (kind) {
      case POSTGRESQL -> "encode(id, 'hex') LIKE '%" + run.id() + "00'";
      case MARIADB -> "LOWER(HEX(id)) LIKE '%" + run.id() + "00'";
      case H2 -> "LOWER(RAWTOHEX(id)) LIKE '%" + run.id() + "00'";
    };
  }
}
