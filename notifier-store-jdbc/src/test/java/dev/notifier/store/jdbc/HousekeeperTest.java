package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HousekeeperTest {
  @TempDir Path directory;

  private interface Body {
    void run(HeldConnection held) throws Exception;
  }

  private void withConnection(Body body) throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory);
        ConnectionSource source = ConnectionSource.of(database.dataSource(), Duration.ZERO);
        HeldConnection held =
            new HeldConnection(source, Dialect.of(DatabaseKind.H2, TablePrefix.DEFAULT, true))) {
      body.run(held);
    }
  }

  @Test
  void aChoreThatFailsHoldsUpNoOther() throws Exception {
    withConnection(
        held -> {
          AtomicInteger done = new AtomicInteger();
          Housekeeper housekeeper =
              new Housekeeper(
                  held,
                  List.of(
                      connection -> {
                        throw new SQLException("no such table");
                      },
                      connection -> done.incrementAndGet()));

          housekeeper.tidyUp();
          housekeeper.tidyUp();

          assertThat(done).hasValue(2);
        });
  }

  @Test
  void itTidiesUpAtOnceAndEndsWhenTold() throws Exception {
    withConnection(
        held -> {
          CountDownLatch tidied = new CountDownLatch(1);
          Housekeeper housekeeper =
              new Housekeeper(held, List.of(connection -> tidied.countDown()));
          Thread thread = new Thread(housekeeper::run);
          thread.start();
          assertThat(tidied.await(10, TimeUnit.SECONDS)).isTrue();

          housekeeper.stop();
          thread.join(10_000);

          assertThat(thread.isAlive()).isFalse();
          assertThat(housekeeper.isStopped()).isTrue();
        });
  }
}
