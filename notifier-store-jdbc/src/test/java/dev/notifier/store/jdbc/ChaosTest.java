package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.NotificationId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes that send and deliver are killed, stopped and cut off from their database; in the end,
 * all promises must hold. {@code -Dnotifier.chaos.seconds=600} makes each scenario last as long.
 */
class ChaosTest {
  private static final long LEASE = 2000;
  private static final int SHORT_SECONDS = 3;

  /** In flight and unwritten: the workers, and what they finish while a flush is under way. */
  private static final int AT_ONCE = 100;

  private final long seed = Long.getLong("notifier.chaos.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SendingHistory history = new SendingHistory();
  private final List<ChildNode> nodes = new ArrayList<>();
  private int started;
  @TempDir private Path directory;

  @AfterEach
  void endNodes() {
    nodes.forEach(ChildNode::close);
  }

  // --- Scenarios --------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MARIADB"})
  void nothingIsLostWhenNodesAreKilled(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      startThree(database, new long[] {0, 0, 0});
      for (long end = end(); System.nanoTime() < end; ) {
        pause(300 + random.nextInt(1700));
        int victim = random.nextInt(nodes.size());
        nodes.get(victim).kill();
        nodes.set(victim, start(database, 0, "send"));
      }
      assertPromisesKept(database, kind.name());
    }
  }

  @Test
  void nodesWithWrongClocksSendNothingTwice() throws Exception {
    try (EmptyDatabase database = TestDatabase.POSTGRESQL.create(directory)) {
      long fiveMinutes = TimeUnit.MINUTES.toMillis(5);
      startThree(database, new long[] {-fiveMinutes, 0, fiveMinutes});
      pause(seconds() * 500L);
      assertPromisesKept(database, "clocks");
      assertThat(history.duplicates()).isZero();
    }
  }

  @Test
  void aNodeThatWasStoppedSendsNothingThatItNoLongerHolds() throws Exception {
    try (EmptyDatabase database = TestDatabase.POSTGRESQL.create(directory)) {
      startThree(database, new long[] {0, 0, 0});
      for (long end = end(); System.nanoTime() < end; ) {
        ChildNode victim = nodes.get(random.nextInt(nodes.size()));
        victim.pause();
        pause(2 * LEASE);
        victim.resume();
        pause(LEASE / 2);
      }
      assertPromisesKept(database, "stopped");
    }
  }

  @Test
  void nothingIsLostWhenTheDatabaseIsRestartedUnderLoad() throws Exception {
    try (OwnPostgres server = new OwnPostgres(directory.resolve("server"))) {
      EmptyDatabase database = server.database();
      startThree(database, new long[] {0, 0, 0});
      int restarts = 0;
      for (long end = end(); System.nanoTime() < end; restarts++) {
        pause(1500);
        long from = System.currentTimeMillis();
        server.crash();
        pause(restarts % 2 == 0 ? 200 : 2 * LEASE);
        server.start();
        nodes.forEach(node -> history.struck(node.name(), from, System.currentTimeMillis()));
      }
      assertPromisesKept(database, "database restarts");
    }
  }

  @Test
  void whatH2AcknowledgedSurvivesAKill() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory)) {
      ChildNode node = start(database, 0, "send");
      for (long end = end(); System.nanoTime() < end; ) {
        assertThat(node.awaitReady()).isTrue();
        pause(500 + random.nextInt(1000));
        node.kill();
        node = start(database, 0, "send");
      }
      assertThat(node.awaitReady()).isTrue();
      assertThat(node.drain())
          .withFailMessage(() -> "it still owes something, seed " + seed + ": " + whatNodesSaid())
          .isTrue();
      assertThat(node.closeInOrder()).isTrue();
      assertHistory(database, "H2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasNotCommittedWhenItsProcessEndedIsNeverSent(TestDatabase kind) throws Exception {
    try (EmptyDatabase database = kind.create(directory)) {
      ChildNode halting = start(database, 0, "halt-before-commit");
      assertThat(halting.awaitEnd()).isEqualTo(9);
      ChildNode worker = start(database, 0, "work");
      assertThat(worker.awaitReady()).isTrue();
      pause(1200); // it looks at least once a second
      assertThat(worker.closeInOrder()).isTrue();
      assertThat(history.toString()).contains("0 sent", "1 rolled back");
      assertThat(countOf(database, "notifier_queue")).isZero();
    }
  }

  // --- Steps ------------------------------------------------------------------------------------

  private static int seconds() {
    return Integer.getInteger("notifier.chaos.seconds", SHORT_SECONDS);
  }

  private static long end() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds());
  }

  /** The time that a scenario takes; nothing waits for anything in it. */
  private static void pause(long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private ChildNode start(EmptyDatabase database, long clockError, String mode) throws Exception {
    String name = "node-" + ++started;
    return new ChildNode(history, database, name, LEASE, clockError, mode, directory);
  }

  private void startThree(EmptyDatabase database, long[] clockErrors) throws Exception {
    for (long clockError : clockErrors) {
      nodes.add(start(database, clockError, "send"));
    }
    for (ChildNode node : nodes) {
      assertThat(node.awaitReady()).as("%s is ready", node.name()).isTrue();
    }
  }

  // --- The end ----------------------------------------------------------------------------------

  private void assertPromisesKept(EmptyDatabase database, String what) throws Exception {
    for (ChildNode node : nodes) {
      assertThat(node.awaitReady()).as("%s is ready", node.name()).isTrue();
      assertThat(node.hush()).as("%s is quiet", node.name()).isTrue();
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (countOf(database, "notifier_queue") > 0 && System.nanoTime() < end) {
      pause(100);
    }
    for (ChildNode node : nodes) {
      assertThat(node.closeInOrder()).as("%s closes", node.name()).isTrue();
    }
    assertHistory(database, what);
  }

  private void assertHistory(EmptyDatabase database, String what) throws Exception {
    String figures = what + ", seed " + seed + ": " + history;
    System.out.println("chaos: " + figures);
    assertThat(countOf(database, "notifier_queue")).as(figures).isZero();
    try (JdbcNotificationStore store =
        JdbcNotificationStore.builder(database.url(), database.user(), database.password())
            .build()) {
      assertThat(history.violations(id -> isDeadLetter(store, id), AT_ONCE))
          .as(
              "%s%n%s%n%s",
              figures, whatIsKnownOfUnsent(store), lastOf(directory.resolve("nodes.log")))
          .isEmpty();
    }
    assertThat(history.acknowledgedCount()).as(figures).isPositive();
    assertThat(history.sentCount()).as(figures).isPositive();
  }

  private String whatIsKnownOfUnsent(JdbcNotificationStore store) {
    StringBuilder known = new StringBuilder();
    for (String id : history.unsent()) {
      known.append(id).append(": ").append(store.find(NotificationId.parse(id))).append('\n');
    }
    return known.toString();
  }

  private static boolean isDeadLetter(JdbcNotificationStore store, String id) {
    return store
        .find(NotificationId.parse(id))
        .filter(report -> report.status().isSettled() && !report.reason().isEmpty())
        .isPresent();
  }

  private String whatNodesSaid() {
    try {
      return lastOf(directory.resolve("nodes.log"));
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static String lastOf(Path log) throws Exception {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }

  private static int countOf(EmptyDatabase database, String table) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      result.next();
      return result.getInt(1);
    }
  }
}
