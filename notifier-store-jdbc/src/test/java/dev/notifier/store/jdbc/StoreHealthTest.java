package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.StoreHealth;
import dev.notifier.StoreHealth.Lease;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreHealthTest {
  @TempDir Path directory;

  /** Fails when it is told to. */
  private static final class Breakable extends BareDataSource {
    final AtomicBoolean broken = new AtomicBoolean();
    private final DataSource good;

    Breakable(DataSource good) {
      this.good = good;
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (broken.get()) {
        throw new SQLException("away", "08006");
      }
      return good.getConnection();
    }
  }

  @Test
  void aStoreTellsThatItsDatabaseIsAwayAndThatItIsBack() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory)) {
      Breakable dataSource = new Breakable(database.dataSource());
      JdbcNotificationStore store =
          JdbcNotificationStore.builder(dataSource).shortLease(Duration.ofSeconds(3)).build();
      try (Notifier notifier =
          Notifier.builder()
              .channel("pager", attempt -> DeliveryResult.accepted())
              .store(store)
              .build()) {
        assertThat(notifier.health().store())
            .isEqualTo(new StoreHealth(true, "", 0, 0, Duration.ZERO, Lease.HELD));
        assertThat(notifier.health().isUp()).isTrue();

        dataSource.broken.set(true);
        database.execute(
            "SELECT ABORT_SESSION(SESSION_ID) FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <>"
                + " SESSION_ID()");
        StoreHealth down = await(notifier, health -> !health.isUp());
        assertThat(down.reason()).startsWith("the lease could not be renewed: ");
        assertThat(notifier.health().isUp()).isFalse();
        assertThat(notifier.health().isReady()).isFalse();
        await(notifier, health -> health.lease() == Lease.LOST);

        dataSource.broken.set(false);
        await(notifier, StoreHealth::isUp);
        assertThat(notifier.health().store().lease()).isEqualTo(Lease.HELD);
        assertThat(notifier.health().isReady()).isTrue();
        assertThat(notifier.health().isUp()).isTrue();
      }
    }
  }

  @Test
  void lagTellsHowLateTheDatabasesOldestIsAndEndsWithIt() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory)) {
      JdbcSchema.of(database.dataSource()).migrate();
      fillWithOverdue(database);
      CountDownLatch mayGo = new CountDownLatch(1);
      try (Notifier notifier =
          Notifier.builder()
              .channel(
                  "pager",
                  attempt -> {
                    mayGo.await(1, TimeUnit.MINUTES);
                    return DeliveryResult.accepted();
                  })
              .policy("pager", ChannelPolicy.builder().capacity(1).concurrency(1).build())
              .store(JdbcNotificationStore.on(database.dataSource()))
              .build()) {
        StoreHealth late = await(notifier, health -> !health.lag().isZero());
        assertThat(late.lag()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(200));
        assertThat(late.isUp()).as("it is the channel that is slow").isTrue();

        mayGo.countDown();
        await(notifier, health -> health.lag().isZero());
      }
    }
  }

  private static void fillWithOverdue(EmptyDatabase database) throws SQLException {
    try (StoredRows rows = new StoredRows(database.dataSource(), Payloads.plain())) {
      for (int i = 0; i < 20; i++) {
        rows.owed(i, 0, Notification.to("pager:7").text("hello " + i).build());
      }
    }
    long overdue = System.currentTimeMillis() - 100_000;
    database.execute(
        "UPDATE notifier_free SET due = " + overdue,
        "UPDATE notifier_delivery SET accepted_at = %1$d, due = %1$d, step_since = %1$d"
            .formatted(overdue));
  }

  private static StoreHealth await(Notifier notifier, Predicate<StoreHealth> condition) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.test(notifier.health().store()) && System.nanoTime() - end < 0) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    StoreHealth health = notifier.health().store();
    assertThat(condition.test(health)).as(health.toString()).isTrue();
    return health;
  }
}
