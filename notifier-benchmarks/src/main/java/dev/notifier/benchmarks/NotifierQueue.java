package dev.notifier.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryId;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import dev.notifier.spi.QueuedDelivery;
import dev.notifier.spi.Submission;
import dev.notifier.store.jdbc.DatabaseKind;
import dev.notifier.store.jdbc.JdbcNotificationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** This library with its JDBC store. */
final class NotifierQueue implements DurableQueue {
  static final String TEXT = "x".repeat(96); // with what names it, about 120 bytes

  private static final int GROUP = 1000;
  private static final int GROUPS_ON_THE_WAY = 20;

  private final HikariDataSource pool;
  private final Counted counted;
  private final String owed;
  private @Nullable Notifier notifier;

  NotifierQueue(BenchmarkServer.Database database, IntConsumer observer) {
    this(database, database.pool(10), observer);
  }

  /** Creates one to which H2 refuses checkpoints. */
  static NotifierQueue withoutCheckpoints(BenchmarkServer.Database database, IntConsumer observer) {
    return new NotifierQueue(database, database.poolWithoutCheckpoints(10), observer);
  }

  private NotifierQueue(
      BenchmarkServer.Database database, HikariDataSource pool, IntConsumer observer) {
    this.pool = pool;
    counted = new Counted(observer);
    owed =
        database.kind() == DatabaseKind.H2
            ? "notifier_delivery WHERE settled_at IS NULL ORDER BY place DESC" // the last ones
            // first
            : "notifier_queue";
    JdbcNotificationStore.on(pool).close(); // makes the tables
  }

  @Override
  public void start() {
    notifier =
        Notifier.builder()
            .discovery(false)
            .channel("email", this::send)
            .defaultPolicy(ChannelPolicy.builder().concurrency(8).capacity(200_000).build())
            .store(JdbcNotificationStore.on(pool))
            .build();
  }

  private DeliveryResult send(DeliveryAttempt attempt) {
    String address = attempt.address().value();
    counted.handle(Integer.parseInt(address, 1, address.indexOf('@'), 10));
    return DeliveryResult.accepted();
  }

  static Notification notification(int number, Priority priority) {
    return Notification.to("email:u" + number + "@example.com")
        .text(TEXT)
        .priority(priority)
        .build();
  }

  private Notifier notifier() {
    if (notifier == null) {
      throw new IllegalStateException("not started");
    }
    return notifier;
  }

  @Override
  public void acceptAll(int from, int to) throws InterruptedException {
    Deque<CountDownLatch> onTheWay = new ArrayDeque<>();
    for (int first = from; first < to; first += GROUP) {
      onTheWay.add(acceptGroup(first, Math.min(to, first + GROUP)));
      if (onTheWay.size() > GROUPS_ON_THE_WAY) {
        onTheWay.remove().await();
      }
    }
    for (CountDownLatch each : onTheWay) {
      each.await();
    }
  }

  private CountDownLatch acceptGroup(int from, int to) {
    CountDownLatch accepted = new CountDownLatch(to - from);
    for (int number = from; number < to; number++) {
      notifier()
          .sendAsync(notification(number, Priority.NORMAL))
          .thenRun(accepted::countDown); // one that is refused is waited for in vain, and seen
    }
    return accepted;
  }

  @Override
  public void accept(int number) {
    notifier().send(notification(number, Priority.NORMAL));
  }

  @Override
  public void preload(int count) {
    preload(count, Priority.NORMAL, Duration.ZERO);
  }

  /** Leaves rows that are due after a while. */
  void preload(int count, Priority priority, Duration after) {
    JdbcNotificationStore store = JdbcNotificationStore.on(pool);
    for (int from = 0; from < count; from += GROUP) {
      List<Submission> group = new ArrayList<>(GROUP);
      for (int number = from; number < Math.min(count, from + GROUP); number++) {
        group.add(submission(notification(number, priority), after));
      }
      store.insertAll(group);
    }
    store.close();
  }

  private static Submission submission(Notification notification, Duration after) {
    Instant now = Instant.now();
    long random = UUID.randomUUID().getLeastSignificantBits();
    NotificationId id =
        new NotificationId(new UUID(now.toEpochMilli() << 16 | 0x7000 | (random & 0xFFF), random));
    QueuedDelivery delivery =
        QueuedDelivery.restored(
            new DeliveryId(id, 0), notification, 0, 0, now.plus(after), now, now, false);
    return new Submission(id, notification, now, List.of(delivery), false);
  }

  /** What is settled is with the store's writer, until nothing is unwritten. */
  @Override
  public void awaitDone(int count) {
    counted.await(count);
    counted.awaitThat(() -> notifier().stats().total(ChannelStats.Event.SENT) >= count);
    counted.awaitThat(() -> notifier().health().store().unwritten() == 0);
  }

  /** Waits until nothing is owed any more, whoever does it. */
  @Override
  public void awaitDrained() {
    counted.awaitEmpty(pool, owed);
  }

  HikariDataSource pool() {
    return pool;
  }

  @Override
  public void close() {
    if (notifier != null) {
      notifier.close(Duration.ofSeconds(30));
    }
    pool.close();
  }
}
