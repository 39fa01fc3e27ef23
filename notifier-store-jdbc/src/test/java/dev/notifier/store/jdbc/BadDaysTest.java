package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelPolicy;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.InvalidNotificationException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.RetryPolicy;
import dev.notifier.StoreException;
import dev.notifier.spi.Channel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A database that is away, full or busy, and messages that it cannot take. */
class BadDaysTest {
  private static final Channel TAKES_ALL = attempt -> DeliveryResult.accepted();

  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  private JdbcStoreBuilder through(TcpProxy proxy, EmptyDatabase database) {
    return JdbcNotificationStore.builder(
        proxy.through(database.url()), database.user(), database.password());
  }

  // --- Away -------------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void aDatabaseThatIsAwayAtTheStartIsSaidOrWaitedFor(TestDatabase kind) throws Exception {
    EmptyDatabase database = closing(kind.create(directory));
    TcpProxy proxy = closing(TcpProxy.to(database.url()));
    proxy.cut();
    assertThatThrownBy(() -> through(proxy, database).build())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("startup-wait");
    CountDownLatch opened = new CountDownLatch(1);
    Thread opening =
        new Thread(
            () -> {
              through(proxy, database).startupWait(Duration.ofSeconds(30)).build().close();
              opened.countDown();
            });
    opening.start();
    Until.holds(() -> opening.getState() == Thread.State.TIMED_WAITING); // between two tries
    proxy.heal();
    assertThat(opened.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void aSenderIsToldInTimeThatTheDatabaseIsAway(TestDatabase kind) throws Exception {
    EmptyDatabase database = closing(kind.create(directory));
    TcpProxy proxy = closing(TcpProxy.to(database.url()));
    JdbcNotificationStore store =
        through(proxy, database).acceptTimeout(Duration.ofSeconds(1)).build();
    TestNode node = closing(TestNode.on(store, TAKES_ALL));
    NotificationId before = node.send();
    proxy.cut();
    long begun = System.nanoTime();
    assertThatThrownBy(node::send)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("accepted");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
    proxy.heal();
    NotificationId after = node.send();
    for (NotificationId id : List.of(before, after)) {
      Until.holds(() -> status(node, id) == DeliveryStatus.SENT);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void whatIsSentWhileTheDatabaseIsAwayIsRecordedWhenItIsBack(TestDatabase kind) throws Exception {
    EmptyDatabase database = closing(kind.create(directory));
    TcpProxy proxy = closing(TcpProxy.to(database.url()));
    CountDownLatch inChannel = new CountDownLatch(2);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger sent = new AtomicInteger();
    TestNode node =
        closing(
            TestNode.on(
                through(proxy, database).build(),
                attempt -> {
                  inChannel.countDown();
                  release.await(30, TimeUnit.SECONDS);
                  sent.incrementAndGet();
                  return DeliveryResult.accepted();
                }));
    NotificationId first = node.send();
    NotificationId second = node.send();
    assertThat(inChannel.await(30, TimeUnit.SECONDS)).isTrue();
    proxy.cut();
    release.countDown();
    Until.holds(() -> sent.get() == 2 && node.store().node().settlements().unwritten() == 2);
    proxy.heal();
    Until.holds(() -> node.store().node().settlements().unwritten() == 0);
    assertThat(status(node, first)).isEqualTo(DeliveryStatus.SENT);
    assertThat(status(node, second)).isEqualTo(DeliveryStatus.SENT);
    assertThat(sent).hasValue(2);
  }

  private static DeliveryStatus status(TestNode node, NotificationId id) {
    return node.notifier().find(id).orElseThrow().status();
  }

  // --- Rights -----------------------------------------------------------------------------------

  @Test
  void onH2NoAdministratorIsNeeded() throws Exception {
    EmptyDatabase database = closing(TestDatabase.H2.create(directory));
    database.execute(
        "CREATE USER plain PASSWORD 'plain'",
        "GRANT ALTER ANY SCHEMA TO plain",
        "CREATE SCHEMA own AUTHORIZATION plain");
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL(database.url().replace(";DB_CLOSE_DELAY=-1", ";SCHEMA=OWN"));
    h2.setUser("plain");
    h2.setPassword("plain");
    TestNode node = closing(TestNode.on(h2, TAKES_ALL));
    NotificationId id = node.send();
    Until.holds(() -> status(node, id) == DeliveryStatus.SENT);
  }

  @Test
  void aUserWhoMayOnlyReadIsToldWhatIsMissing() throws Exception {
    EmptyDatabase database = closing(TestDatabase.H2.create(directory));
    JdbcNotificationStore.on(database.dataSource()).close();
    database.execute(
        "CREATE USER reader PASSWORD 'reader'", "GRANT SELECT ON SCHEMA PUBLIC TO reader");
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL(database.url().replace(";DB_CLOSE_DELAY=-1", ""));
    h2.setUser("reader");
    h2.setPassword("reader");
    assertThatThrownBy(() -> JdbcNotificationStore.on(h2))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("grant the user SELECT, INSERT, UPDATE and DELETE");
    assertThatThrownBy(() -> JdbcNotificationStore.builder(h2).tablePrefix("other_").build())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("let a user do it who may make tables");
  }

  // --- Full, too large, old ---------------------------------------------------------------------

  @Test
  void aFullDiskIsSaidAndNothingAcknowledgedIsLost() throws Exception {
    FullDisk.register();
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:full:" + directory.resolve("full") + ";DB_CLOSE_DELAY=-1");
    CountDownLatch release = new CountDownLatch(1);
    List<NotificationId> ids = new ArrayList<>();
    try (TestNode node =
        TestNode.on(
            h2,
            attempt -> {
              release.await(60, TimeUnit.SECONDS);
              return DeliveryResult.accepted();
            })) {
      for (int i = 0; i < 10; i++) {
        ids.add(node.send());
      }
      FullDisk.full = true;
      assertThatThrownBy(() -> node.notifier().send(longMessage()))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("accepted");
      FullDisk.full = false;
      Until.holds(() -> ids.add(sendOrNull(node)) && ids.get(ids.size() - 1) != null);
      release.countDown();
      for (NotificationId id : ids) {
        if (id != null) {
          Until.holds(() -> status(node, id) == DeliveryStatus.SENT);
        }
      }
    } finally {
      FullDisk.full = false;
    }
  }

  private static Notification longMessage() {
    return TestNode.message().text("x".repeat(500_000)).build();
  }

  private static NotificationId sendOrNull(TestNode node) {
    try {
      return node.send();
    } catch (StoreException e) {
      return null; // not open again yet
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTooLargeIsRefusedAndTheLargestIsTaken(TestDatabase kind) throws Exception {
    EmptyDatabase database = closing(kind.create(directory));
    TestNode node = closing(TestNode.on(database.dataSource(), TAKES_ALL));
    Notification tooLarge = TestNode.message().data(Map.of("a", "x".repeat(65 << 20))).build();
    assertThatThrownBy(() -> node.notifier().send(tooLarge))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("send a link instead");
    NotificationId largest =
        node.notifier().send(TestNode.message().text("x".repeat(9 << 20)).build()).id();
    NotificationId other = node.send();
    Until.holds(() -> status(node, largest) == DeliveryStatus.SENT);
    Until.holds(() -> status(node, other) == DeliveryStatus.SENT);
  }

  @Test
  void aServerThatTakesLittleAtOnceIsSaid() throws Exception {
    EmptyDatabase database = closing(TestDatabase.MARIADB.create(directory));
    assertThatThrownBy(() -> JdbcNotificationStore.on(taking(1 << 20, database)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("max_allowed_packet of the database server is 1048576");
    TestNode node = closing(TestNode.on(taking(5 << 20, database), TAKES_ALL));
    Notification tooLarge = TestNode.message().text("x".repeat(6 << 20)).build();
    assertThatThrownBy(() -> node.notifier().send(tooLarge))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the database server takes 5242880 at once: raise");
    NotificationId other = node.send();
    Until.holds(() -> status(node, other) == DeliveryStatus.SENT);
  }

  private static DataSource taking(long bytes, EmptyDatabase database) {
    return new BareDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return rewriting(
            database.dataSource().getConnection(),
            sql -> sql.replace("@@max_allowed_packet", "" + bytes));
      }
    };
  }

  @Test
  void anOldSnapshotHoldsNobodyUp() throws Exception {
    EmptyDatabase database = closing(TestDatabase.POSTGRESQL.create(directory));
    TestNode node = closing(TestNode.on(database.dataSource(), TAKES_ALL));
    try (Connection old = database.dataSource().getConnection();
        Statement statement = old.createStatement()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.executeQuery("SELECT COUNT(*) FROM notifier_queue").close();
      for (int i = 0; i < 2000; i++) {
        node.notifier().sendAsync(TestNode.message().build());
      }
      NotificationId last = node.send();
      Until.holds(() -> status(node, last) == DeliveryStatus.SENT);
      Until.holds(() -> node.store().node().owned().size() == 0);
    }
  }

  // --- Busy -------------------------------------------------------------------------------------

  /** Two nodes, the same idempotency keys in any order, claims and retries all at once. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void deadlocksAreRepeatedAndSeenByNobody(TestDatabase kind) throws Exception {
    EmptyDatabase database = closing(kind.create(directory));
    ChannelPolicy small =
        ChannelPolicy.builder()
            .concurrency(4)
            .capacity(50)
            .withoutBreakers()
            .retry(RetryPolicy.delays(Duration.ofMillis(5), Duration.ofMillis(5)))
            .build();
    Channel shaky =
        attempt ->
            ThreadLocalRandom.current().nextInt(3) == 0
                ? DeliveryResult.transientFailure("busy")
                : DeliveryResult.accepted();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> senders = new ArrayList<>();
    long end =
        System.nanoTime()
            + TimeUnit.SECONDS.toNanos(Integer.getInteger("notifier.chaos.seconds", 3));
    List<TestNode> nodes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      TestNode node =
          closing(TestNode.on(database.dataSource(), shaky, UnaryOperator.identity(), small));
      nodes.add(node);
      for (int j = 0; j < 4; j++) {
        senders.add(new Thread(() -> sendUntil(end, node, failures)));
      }
    }
    senders.forEach(Thread::start);
    for (Thread sender : senders) {
      sender.join();
    }
    assertThat(failures).isEmpty();
    for (TestNode node : nodes) {
      Until.holds(() -> node.store().node().owned().size() == 0);
      assertThat(node.store().node().owned().lost()).isZero();
    }
  }

  private static void sendUntil(long end, TestNode node, Queue<Throwable> failures) {
    while (System.nanoTime() < end) {
      try {
        String key = "key-" + ThreadLocalRandom.current().nextInt(200);
        node.notifier().send(TestNode.message().idempotencyKey(key).build());
        node.notifier().sendAsync(TestNode.message().build()).toCompletableFuture().get();
      } catch (Exception e) {
        failures.add(e);
      }
    }
  }
}
