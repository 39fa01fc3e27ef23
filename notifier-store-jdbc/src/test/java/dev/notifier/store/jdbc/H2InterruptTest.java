package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.NotificationId;
import dev.notifier.OnAmbiguity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** H2 closes its file when a thread is interrupted that reads or writes it. */
class H2InterruptTest {
  private static final int ROUNDS = 60;
  private static final String TEXT = "x".repeat(50_000); // larger than what lies in a cache

  @TempDir private Path directory;

  @Test
  void callersThatAreInterruptedHarmNobody() throws Exception {
    AtomicInteger failed = new AtomicInteger();
    List<NotificationId> ids = new ArrayList<>();
    try (EmptyDatabase database = TestDatabase.H2.create(directory);
        TestNode node = TestNode.on(database.dataSource(), attempt -> DeliveryResult.accepted())) {
      ids.add(node.send());
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        callers.add(new Thread(() -> callInterrupted(node, ids.get(0), failed)));
      }
      callers.forEach(Thread::start);
      for (int i = 0; i < ROUNDS; i++) {
        ids.add(node.notifier().send(TestNode.message().text(TEXT).build()).id()); // never fails
      }
      for (Thread caller : callers) {
        caller.join(TimeUnit.SECONDS.toMillis(60));
      }
      assertThat(failed).hasValue(0);
      Until.holds(() -> node.store().node().owned().size() == 0);
      for (NotificationId id : ids) {
        assertThat(node.notifier().find(id).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
      }
    }
  }

  /** Each call begins, or goes on, with the thread interrupted. */
  private static void callInterrupted(TestNode node, NotificationId known, AtomicInteger failed) {
    for (int i = 0; i < ROUNDS; i++) {
      try {
        Thread.currentThread().interrupt();
        node.notifier()
            .send(TestNode.message().text(TEXT).onAmbiguity(OnAmbiguity.GIVE_UP).build());
        node.store().node().shield().call(() -> node.store().node().reader().find(known));
        if (!Thread.interrupted()) {
          failed.incrementAndGet(); // an interrupt is kept for whom it is meant
        }
      } catch (RuntimeException | java.sql.SQLException e) {
        failed.incrementAndGet();
      }
    }
  }

  @Test
  void workersThatAreInterruptedAtTheEndHarmNobody() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory)) {
      List<NotificationId> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        try (TestNode node =
            TestNode.on(
                database.dataSource(),
                attempt -> {
                  TimeUnit.MILLISECONDS.sleep(2); // until it is interrupted
                  return DeliveryResult.accepted();
                })) {
          for (int j = 0; j < 30; j++) {
            ids.add(node.send());
          }
        } // closes at once: the workers are interrupted
      }
      try (TestNode node =
          TestNode.on(database.dataSource(), attempt -> DeliveryResult.accepted())) {
        for (NotificationId id : ids) {
          Until.holds(() -> node.notifier().find(id).orElseThrow().status().isSettled());
        }
      }
    }
  }
}
