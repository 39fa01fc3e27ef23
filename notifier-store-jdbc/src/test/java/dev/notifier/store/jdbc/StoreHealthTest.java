package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryResult;
import dev.notifier.Notifier;
import dev.notifier.StoreHealth;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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
          JdbcNotificationStore.builder(dataSource).lease(Duration.ofSeconds(10)).build();
      try (Notifier notifier =
          Notifier.builder()
              .channel("pager", attempt -> DeliveryResult.accepted())
              .store(store)
              .build()) {
        assertThat(notifier.health().store()).isEqualTo(StoreHealth.up());
        assertThat(notifier.health().isUp()).isTrue();

        dataSource.broken.set(true);
        database.execute(
            "SELECT ABORT_SESSION(SESSION_ID) FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <>"
                + " SESSION_ID()");
        StoreHealth down = await(notifier, health -> !health.isUp());
        assertThat(down.reason()).startsWith("the lease could not be renewed: ");
        assertThat(notifier.health().isUp()).isFalse();

        dataSource.broken.set(false);
        await(notifier, StoreHealth::isUp);
        assertThat(notifier.health().isUp()).isTrue();
      }
    }
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
