package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.Outcome;
import dev.notifier.PreferenceQuery;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.SuppressionTarget;
import dev.notifier.spi.Channel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nodes that share a database do for each other. */
class TwoNodesTest {
  private final List<AutoCloseable> open = new ArrayList<>();
  private final Map<NotificationId, AtomicInteger> sent = new ConcurrentHashMap<>();
  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private EmptyDatabase database(TestDatabase kind) {
    return closing(kind.create(directory));
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  private TestNode node(EmptyDatabase database, Channel provider) {
    return node(database.dataSource(), provider);
  }

  private TestNode node(DataSource database, Channel provider) {
    return closing(TestNode.on(database, provider));
  }

  private Channel counting(AtomicInteger count) {
    return attempt -> {
      count.incrementAndGet();
      sent.computeIfAbsent(attempt.delivery().notification(), id -> new AtomicInteger())
          .incrementAndGet();
      return DeliveryResult.accepted();
    };
  }

  private static Channel blocking(CountDownLatch entered, CountDownLatch release) {
    return attempt -> {
      entered.countDown();
      release.await(60, TimeUnit.SECONDS);
      return DeliveryResult.accepted();
    };
  }

  @ParameterizedTest
  @EnumSource
  void whatHasNoRoomOnOneNodeIsSentByTheOther(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ChannelPolicy small =
        ChannelPolicy.builder().concurrency(1).capacity(10).withoutBreakers().build();
    AtomicInteger atB = new AtomicInteger();
    TestNode a =
        closing(
            TestNode.on(
                database.dataSource(),
                blocking(entered, release),
                UnaryOperator.identity(),
                small));
    for (int i = 0; i < 100; i++) {
      a.send();
    }
    a.notifier().send(TestNode.message().priority(Priority.CRITICAL).build()); // never overflows
    TestNode b = node(database, counting(atB));
    Until.holds(() -> atB.get() >= 89);
    release.countDown();
    Until.holds(() -> b.store().node().owned().size() + a.store().node().owned().size() == 0);
    assertThat(sent.values()).allSatisfy(times -> assertThat(times).hasValue(1));
    assertThat(a.store().node().owned().lost()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void whatADeadNodeHeldIsTakenOverAfterItsLease(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    TestNode a = node(database, blocking(entered, release));
    List<NotificationId> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(a.send());
    }
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    AtomicInteger atB = new AtomicInteger();
    TestNode b = node(database, counting(atB));
    a.abandon();
    Until.holds(() -> atB.get() == 20, TestNode.LEASE.plus(TestNode.PATIENCE));
    Until.holds(() -> b.store().node().owned().size() == 0);
    for (NotificationId id : ids) {
      assertThat(b.notifier().find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
    }
    release.countDown(); // what A was sending is not A's any more: its results count for nothing
    Until.holds(() -> a.store().node().settlements().unwritten() == 0);
    assertThat(b.notifier().find(ids.get(0)).orElseThrow().deliveries().get(0).attempts())
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void aNotificationIsCancelledWhereverItWaits(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    TestNode a = node(database, blocking(entered, release));
    NotificationId first = a.send();
    NotificationId second = a.send();
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    NotificationId waiting = a.send(); // in A's lane, behind two that are being sent
    TestNode b = node(database, counting(new AtomicInteger()));
    assertThat(b.notifier().cancel(waiting)).isTrue();
    assertThat(b.notifier().cancel(first)).isFalse();
    release.countDown();
    Until.holds(() -> a.store().node().owned().size() == 0);
    assertThat(b.notifier().find(waiting).orElseThrow().status())
        .isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(b.notifier().find(second).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
  }

  @ParameterizedTest
  @EnumSource(names = "H2") // what is cancelled is read alike everywhere
  void whatWasClaimedAndFreedWhileItIsCancelledIsCancelledAllTheSame(TestDatabase kind)
      throws Exception {
    EmptyDatabase database = database(kind);
    AtomicInteger read = new AtomicInteger();
    DataSource late =
        new BareDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            return rewriting(
                database.dataSource().getConnection(),
                sql ->
                    sql.startsWith("SELECT fence, lane, step, step_since,")
                            && read.incrementAndGet() == 1
                        ? sql.replaceFirst("fence", "fence - 1") // as it was a moment ago
                        : sql);
          }
        };
    TestNode a = node(late, counting(new AtomicInteger()));
    NotificationId id =
        a.notifier().send(TestNode.message().sendAt(Instant.now().plusSeconds(3600)).build()).id();

    assertThat(a.notifier().cancel(id)).isTrue();
    assertThat(read).hasValue(2);
    assertThat(a.notifier().find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.CANCELLED);
  }

  @ParameterizedTest
  @EnumSource
  void whatOneNodeForbidsTheOtherDoesNotSend(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    TestNode a = node(database, counting(new AtomicInteger()));
    TestNode b = node(database, counting(new AtomicInteger()));
    Recipient ada = Recipient.named("ada");
    Recipient bob = Recipient.named("bob").address("provider", "bob");
    JdbcNotificationStore atB = b.store();
    Address address = bob.addresses().get(0);

    a.notifier().preferences().optOut(ada, "news", "provider");
    a.notifier().suppressions().add(SuppressionTarget.recipient("bob"), "left");
    Until.holds(() -> !b.notifier().preferences().allows(ada, "news", "provider"));
    Until.holds(() -> atB.suppression(bob, address).isPresent());
    Receipt receipt = b.notifier().send(TestNode.message().category("news").build());
    assertThat(receipt.await(TestNode.PATIENCE).map(Outcome::status))
        .contains(DeliveryStatus.SUPPRESSED);

    a.notifier().preferences().optIn(ada, "news", "provider");
    assertThat(b.notifier().preferences().allows(ada, "news", "provider")).isTrue();
    a.notifier().preferences().erase(ada);
    assertThat(b.notifier().preferences().list(PreferenceQuery.all()).items()).isEmpty();
    assertThat(a.notifier().suppressions().remove(SuppressionTarget.recipient("bob"))).isTrue();
    assertThat(atB.suppression(bob, address)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anOutcomeIsKnownWhereItIsAwaitedAlsoIfAnotherNodeSends(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ChannelPolicy small =
        ChannelPolicy.builder().concurrency(1).capacity(1).withoutBreakers().build();
    TestNode a =
        closing(
            TestNode.on(
                database.dataSource(),
                blocking(entered, release),
                UnaryOperator.identity(),
                small));
    a.send();
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    a.send(); // fills the lane
    Receipt receipt = a.notifier().send(TestNode.message().build());
    node(database, counting(new AtomicInteger()));
    Optional<Outcome> outcome = receipt.await(TestNode.PATIENCE);
    assertThat(outcome).map(Outcome::status).contains(DeliveryStatus.SENT);
    release.countDown();
  }

  @ParameterizedTest
  @EnumSource
  void aRetryKeepsItsTimeItsChannelAndItsAttemptsOverARestart(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    ChannelPolicy policy =
        TestNode.policy().toBuilder()
            .retry(RetryPolicy.delays(Duration.ofMillis(10), Duration.ofSeconds(3)))
            .build();
    BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    Channel failing =
        attempt -> {
          calls.add(attempt.channel() + " " + attempt.number());
          return attempt.channel().value().equals("provider")
              ? DeliveryResult.permanentFailure("no")
              : DeliveryResult.transientFailure("busy");
        };
    NotificationId id;
    try (TestNode a =
        TestNode.on(database.dataSource(), failing, UnaryOperator.identity(), policy)) {
      id = a.notifier().send(TestNode.message().orElse("other").build()).id();
      assertThat(List.of(take(calls), take(calls), take(calls)))
          .containsExactly("provider 1", "other 1", "other 2");
    }
    BlockingQueue<Long> at = new LinkedBlockingQueue<>();
    TestNode b =
        closing(
            TestNode.on(
                database.dataSource(),
                attempt -> {
                  calls.add(attempt.channel() + " " + attempt.number());
                  at.add(System.currentTimeMillis());
                  return DeliveryResult.accepted();
                },
                UnaryOperator.identity(),
                policy));
    assertThat(take(calls)).isEqualTo("other 3");
    Until.holds(() -> b.notifier().find(id).orElseThrow().status() == DeliveryStatus.SENT);
    var attempts = b.notifier().find(id).orElseThrow().deliveries().get(0).attempts();
    assertThat(attempts).hasSize(4);
    long due = attempts.get(2).nextAttempt().orElseThrow().toEpochMilli();
    assertThat(at.poll(1, TimeUnit.SECONDS)).isBetween(due, due + 2000);
  }

  private static String take(BlockingQueue<String> calls) throws InterruptedException {
    return String.valueOf(calls.poll(30, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @EnumSource
  void aRowThatCannotBeReadHoldsNobodyUp(TestDatabase kind) throws Exception {
    EmptyDatabase database = database(kind);
    CountDownLatch entered = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    TestNode a = node(database, blocking(entered, release));
    a.send();
    a.send();
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    NotificationId bad = a.send();
    for (int i = 0; i < 5; i++) {
      a.send();
    }
    String hex = bad.toString().replace("-", "");
    database.execute(
        switch (kind) {
          case POSTGRESQL ->
              "UPDATE notifier_queue SET envelope = '\\xff00ff' WHERE encode(id, 'hex') LIKE '"
                  + hex
                  + "%'";
          case MARIADB ->
              "UPDATE notifier_queue SET envelope = x'ff00ff' WHERE HEX(id) LIKE '" + hex + "%'";
          case H2 ->
              "UPDATE notifier_delivery SET envelope = x'ff00ff' WHERE RAWTOHEX(id) LIKE '"
                  + hex
                  + "%'";
        });
    AtomicInteger atB = new AtomicInteger();
    TestNode b = node(database, counting(atB));
    a.abandon();
    Until.holds(() -> atB.get() == 7);
    NotificationId next = b.send();
    Until.holds(() -> sent.containsKey(next));
    assertThat(sent).doesNotContainKey(bad);
    release.countDown();
  }
}
