package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.NotificationId;
import dev.notifier.StoreException;
import dev.notifier.spi.Channel;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A node whose way to the database is cut silently while it has work, and another that takes over.
 * The same with a node that is broken on purpose: then the history must show it.
 */
class CutOffTest {
  private static final int MESSAGES = 60;
  private static final int WORKERS = 2;

  private static final CountDownLatch OPEN = new CountDownLatch(0);

  private final CountDownLatch inFlight = new CountDownLatch(WORKERS);
  private final SendingHistory history = new SendingHistory();
  private final AtomicInteger sentByA = new AtomicInteger();
  private final List<AutoCloseable> open = new ArrayList<>();
  private EmptyDatabase database;
  private TcpProxy proxy;
  @TempDir private Path directory;

  @BeforeEach
  void openDatabase() throws Exception {
    database = TestDatabase.POSTGRESQL.create(directory);
    open.add(database);
    proxy = TcpProxy.to(database.url());
    open.add(proxy);
  }

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  // --- Nodes ------------------------------------------------------------------------------------

  /**
   * Node A reaches the database by the proxy; an answer that does not come is noticed after 1 s.
   */
  private BareDataSource throughProxy(UnaryOperator<String> sql) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setUrl(proxy.through(database.url()).replace("socketTimeout=60", "socketTimeout=1"));
    dataSource.setUser(database.user());
    dataSource.setPassword(database.password());
    return new BareDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return rewriting(dataSource.getConnection(), sql);
      }
    };
  }

  private TestNode node(
      BareDataSource dataSource, Channel provider, UnaryOperator<JdbcStoreBuilder> settings) {
    TestNode node = TestNode.on(dataSource, provider, settings, TestNode.policy());
    open.add(node);
    return node;
  }

  private TestNode nodeB(Channel provider) {
    TestNode node = TestNode.on(database.dataSource(), provider);
    open.add(node);
    return node;
  }

  /** Takes 20 ms for a message, once it is let. */
  private Channel slow(String node, CountDownLatch gate) {
    return attempt -> {
      long begun = System.currentTimeMillis();
      inFlight.countDown();
      gate.await(30, TimeUnit.SECONDS);
      TimeUnit.MILLISECONDS.sleep(20); // the provider's time, which nothing waits for
      if (node.equals("A")) {
        sentByA.incrementAndGet();
      }
      return taken(attempt.delivery().notification(), node, begun);
    };
  }

  private DeliveryResult taken(NotificationId id, String node, long begun) {
    history.sent(id.toString(), node, begun, System.currentTimeMillis());
    return DeliveryResult.accepted();
  }

  private List<String> violations() {
    return history.violations(id -> false, 4 * WORKERS);
  }

  private void send(TestNode node, int count) {
    for (int i = 0; i < count; i++) {
      history.acknowledged(node.send().toString());
    }
  }

  private void strike(String node) {
    history.struck(node, System.currentTimeMillis());
  }

  // --- The way is cut ---------------------------------------------------------------------------

  @Test
  void aNodeThatIsCutOffEndsWhenItsTrustEndsAndOthersSendTheRest() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    TestNode a =
        node(throughProxy(UnaryOperator.identity()), slow("A", go), UnaryOperator.identity());
    send(a, MESSAGES);
    assertThat(inFlight.await(30, TimeUnit.SECONDS)).isTrue();
    strike("A");
    proxy.silence(); // two are in flight, and more than it can send in its lease lies in its lane
    TestNode b = nodeB(slow("B", OPEN));
    Until.holds(() -> !a.store().node().lease().isTrusted());
    go.countDown();
    Until.holds(() -> history.unsent().isEmpty() && b.store().node().owned().size() == 0);
    assertThat(sentByA).hasValue(WORKERS); // those that were in flight
    proxy.heal();
    Until.holds(() -> a.store().node().lease().isTrusted());
    Until.holds(() -> a.store().node().settlements().unwritten() == 0);
    assertThat(violations()).isEmpty();
    assertThat(history.duplicates()).isLessThanOrEqualTo(WORKERS);
    Until.holds(() -> takesAgain(a)); // the first to use a dead connection is told
    Until.holds(() -> history.unsent().isEmpty());
  }

  private boolean takesAgain(TestNode node) {
    try {
      send(node, 1);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  @Test
  void withoutACheckOfTheTrustTheHistoryShowsDuplicates() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    TestNode a =
        node(
            throughProxy(UnaryOperator.identity()),
            slow("A", go),
            settings -> settings.trustClock(() -> 0)); // its trust never ends
    send(a, MESSAGES);
    assertThat(inFlight.await(30, TimeUnit.SECONDS)).isTrue();
    strike("A");
    proxy.silence();
    TestNode b = nodeB(slow("B", OPEN));
    Until.holds(() -> history.unsent().isEmpty() && b.store().node().owned().size() == 0);
    go.countDown();
    Until.holds(() -> sentByA.get() > 4 * WORKERS);
    assertThat(violations()).isNotEmpty();
    proxy.heal(); // or A takes long to close
  }

  // --- The fence --------------------------------------------------------------------------------

  /** A's retry is recorded only after B has taken the delivery over, and is sending it. */
  private void recordsTooLate(UnaryOperator<String> sql) throws Exception {
    CountDownLatch inA = new CountDownLatch(1);
    CountDownLatch releaseA = new CountDownLatch(1);
    CountDownLatch inB = new CountDownLatch(1);
    CountDownLatch releaseB = new CountDownLatch(1);
    TestNode a =
        node(
            throughProxy(sql),
            attempt -> {
              inA.countDown();
              releaseA.await(30, TimeUnit.SECONDS);
              return DeliveryResult.permanentFailure("no such address");
            },
            UnaryOperator.identity());
    send(a, 1);
    assertThat(inA.await(30, TimeUnit.SECONDS)).isTrue();
    strike("A");
    proxy.silence();
    releaseA.countDown();
    Until.holds(() -> a.store().node().settlements().unwritten() == 1);
    TestNode b =
        nodeB(
            attempt -> {
              inB.countDown();
              releaseB.await(30, TimeUnit.SECONDS);
              return DeliveryResult.transientFailure("try again");
            });
    assertThat(inB.await(30, TimeUnit.SECONDS)).isTrue();
    proxy.heal();
    Until.holds(() -> a.store().node().settlements().unwritten() == 0);
    releaseB.countDown();
    Until.holds(() -> b.store().node().settlements().unwritten() == 0);
  }

  @Test
  void whatIsRecordedTooLateChangesNothing() throws Exception {
    recordsTooLate(UnaryOperator.identity());
    assertThat(deliveriesOwed()).isEqualTo(1); // B has yet to send it again
  }

  @Test
  void withoutACheckOfTheFenceTheHistoryShowsALoss() throws Exception {
    AtomicInteger rewritten = new AtomicInteger();
    recordsTooLate(
        sql -> {
          String broken =
              sql.replaceAll(
                  "q\\.owner( \\+ 0)? = \\? AND q\\.fence = u\\.fence", "(q.owner = ? OR TRUE)");
          if (!broken.equals(sql)) {
            rewritten.incrementAndGet();
          }
          return broken;
        });
    assertThat(rewritten).as("statements without a fence").hasPositiveValue();
    assertThat(deliveriesOwed()).isZero(); // gone while B was sending it
    assertThat(violations()).isNotEmpty();
  }

  private int deliveriesOwed() throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        var statement = connection.createStatement();
        var result = statement.executeQuery("SELECT COUNT(*) FROM notifier_queue")) {
      result.next();
      return result.getInt(1);
    }
  }

  // --- The end of a node ------------------------------------------------------------------------

  /** Closes A while two calls of its provider last longer than its lease. */
  private void closeSlowly(boolean heartbeatFirst) throws Exception {
    CountDownLatch inA = new CountDownLatch(WORKERS);
    CountDownLatch releaseA = new CountDownLatch(1);
    TestNode a =
        node(
            throughProxy(UnaryOperator.identity()),
            attempt -> {
              long begun = System.currentTimeMillis();
              inA.countDown();
              releaseA.await(30, TimeUnit.SECONDS);
              return taken(attempt.delivery().notification(), "A", begun);
            },
            UnaryOperator.identity());
    send(a, WORKERS);
    assertThat(inA.await(30, TimeUnit.SECONDS)).isTrue();
    TestNode b = nodeB(slow("B", OPEN));
    if (heartbeatFirst) {
      a.store().node().keeper().stop();
    }
    Thread closing = new Thread(() -> a.notifier().close(Duration.ofSeconds(30)));
    closing.start();
    long longer = System.nanoTime() + TestNode.LEASE.multipliedBy(3).toNanos();
    while (System.nanoTime() < longer && history.unsent().size() == WORKERS) {
      TimeUnit.MILLISECONDS.sleep(20); // nothing happens, and that is the point
    }
    releaseA.countDown();
    closing.join();
    Until.holds(() -> history.unsent().isEmpty() && b.store().node().owned().size() == 0);
  }

  @Test
  void aNodeThatClosesSlowlyKeepsItsLease() throws Exception {
    closeSlowly(false);
    assertThat(violations()).isEmpty();
    assertThat(history.duplicates()).isZero();
  }

  @Test
  void whenTheHeartbeatStopsFirstTheHistoryShowsDuplicates() throws Exception {
    closeSlowly(true);
    assertThat(violations()).isNotEmpty();
  }
}
