package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Priority;
import dev.notifier.spi.QueuedDelivery;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlementWriterTest {
  private static final int RESERVED = 1000;

  @TempDir private Path directory;

  @Test
  void resultsThatWaitHoldUpOthersBeforeTheyHoldUpCriticalOnes() throws Exception {
    try (EmptyDatabase database = TestDatabase.H2.create(directory);
        ConnectionSource source = ConnectionSource.of(database.dataSource(), Duration.ZERO)) {
      Dialect dialect = Dialect.of(DatabaseKind.H2, TablePrefix.DEFAULT, true);
      SettlementWriter writer =
          new SettlementWriter(
              new HeldConnection(source, dialect), dialect, new OwnedDeliveries(), () -> {});

      add(writer, SettlementWriter.MAX_WAITING - 1); // and nobody writes them
      assertThat(writer.awaitRoom(Priority.HIGH, Duration.ZERO)).isTrue();
      add(writer, 1);
      assertThat(writer.awaitRoom(Priority.HIGH, Duration.ZERO)).isFalse();
      add(writer, RESERVED - 1);
      assertThat(writer.awaitRoom(Priority.CRITICAL, Duration.ZERO)).isTrue();
      add(writer, 1);
      assertThat(writer.awaitRoom(Priority.CRITICAL, Duration.ZERO)).isFalse();
    }
  }

  private static void add(SettlementWriter writer, int count) {
    Notification notification = Notification.to("email:ada@example.com").text("Hello").build();
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(1, 2)), 0);
    QueuedDelivery delivery = QueuedDelivery.first(id, notification, Instant.EPOCH);
    QueueRow row = new QueueRow(new byte[17], delivery, 1, null, new byte[0], null);
    for (int i = 0; i < count; i++) {
      writer.add(OwnedDelivery.inserted(row, 1));
    }
  }
}
