package dev.notifier.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimingTest {
  private final Instant longAgo =
      Instant.now().minus(10, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MILLIS);

  @TempDir Path directory;
  private EmptyDatabase database;
  private JdbcNotificationStore store;

  @BeforeEach
  void openStore() throws Exception {
    database = TestDatabase.H2.create(directory);
    store = JdbcNotificationStore.on(database.dataSource());
  }

  @AfterEach
  void closeStore() throws Exception {
    store.close();
    database.close();
  }

  private Submission dueAfter(int seconds) {
    Instant due = longAgo.plusSeconds(seconds);
    NotificationId id =
        new NotificationId(
            new UUID(longAgo.toEpochMilli() << 16 | 0x7000 | 100 + seconds, Long.MIN_VALUE));
    Notification notification = Notification.to("alpha:7").text("hello").build();
    QueuedDelivery delivery =
        QueuedDelivery.restored(
            new DeliveryId(id, 0), notification, 0, 0, due, longAgo, longAgo, false);
    return new Submission(id, notification, longAgo, List.of(delivery), false);
  }

  @Test
  void oneThatWasDueEarlierThanThoseClaimedBeforeItIsNotForgotten() throws Exception {
    List<Submission> ten = new ArrayList<>();
    for (int seconds = 0; seconds < 10; seconds++) {
      ten.add(dueAfter(seconds));
    }
    store.insertAll(ten);
    Feed feed = new Feed(() -> store.insertAll(List.of(dueAfter(-1))));
    store.start(feed);

    List<Long> seconds = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      QueuedDelivery next = feed.brought.poll(30, TimeUnit.SECONDS);
      assertThat(next).as("delivery %d", i).isNotNull();
      seconds.add(next.due().getEpochSecond() - longAgo.getEpochSecond());
    }

    assertThat(seconds.subList(0, 3)).containsExactlyInAnyOrder(0L, 1L, 2L);
    assertThat(seconds).contains(-1L).doesNotHaveDuplicates();
  }

  /** Takes three at a time, and does something when the first one comes. */
  private static final class Feed extends QuietFeed {
    final BlockingQueue<QueuedDelivery> brought = new LinkedBlockingQueue<>();
    private final Runnable atTheFirst;
    private boolean isFirst = true;

    Feed(Runnable atTheFirst) {
      this.atTheFirst = atTheFirst;
    }

    @Override
    public Collection<ChannelId> channels() {
      return List.of(ChannelId.of("alpha"));
    }

    @Override
    public boolean serves(ChannelId channel) {
      return true;
    }

    @Override
    public int waiting(ChannelId channel) {
      return 0;
    }

    @Override
    public int room(ChannelId channel) {
      return 3;
    }

    @Override
    public void bring(QueuedDelivery delivery) {
      if (isFirst) {
        isFirst = false;
        atTheFirst.run();
      }
      brought.add(delivery);
    }
  }
}
