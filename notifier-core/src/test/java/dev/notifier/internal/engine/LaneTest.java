package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryId;
import dev.notifier.LaneFullException;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotifierClosedException;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queue of one channel: its order, its room, and who is woken when. */
@Timeout(60)
class LaneTest {
  private static final Instant START = Instant.parse("2025-01-01T12:00:00Z");

  private final AtomicReference<Instant> time = new AtomicReference<>(START);
  private final InstantSource clock = time::get;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Lane> started = new ArrayList<>();
  private int serial;

  @AfterEach
  void endThreads() throws InterruptedException {
    started.forEach(Lane::stop);
    for (Thread thread : threads) {
      thread.join(10_000);
      assertThat(thread.isAlive()).as("thread %s", thread.getName()).isFalse();
    }
  }

  private Lane lane(int capacity, OverflowPolicy overflow) {
    return lane(capacity, overflow, clock);
  }

  private static Lane lane(int capacity, OverflowPolicy overflow, InstantSource clock) {
    ChannelPolicy policy = ChannelPolicy.builder().capacity(capacity).overflow(overflow).build();
    return new Lane("email", policy, clock);
  }

  private QueuedDelivery delivery(Priority priority, Instant acceptedAt) {
    Notification notification =
        Notification.to("email:ada@example.com").text("n" + serial).priority(priority).build();
    DeliveryId id = new DeliveryId(new NotificationId(new UUID(0, ++serial)), 0);
    return QueuedDelivery.first(id, notification, acceptedAt);
  }

  private QueuedDelivery delivery() {
    return delivery(Priority.NORMAL, clock.instant());
  }

  private QueuedDelivery accepted(Lane lane) {
    QueuedDelivery delivery = delivery();
    assertThat(lane.reserve(Priority.NORMAL, false)).isEmpty();
    lane.fill(delivery);
    return delivery;
  }

  private Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }

  /** Starts so many workers that hand on what they take. */
  private BlockingQueue<QueuedDelivery> work(Lane lane, int workers) {
    BlockingQueue<QueuedDelivery> taken = new LinkedBlockingQueue<>();
    started.add(lane);
    for (int i = 0; i < workers; i++) {
      start("worker-" + i, () -> takeAll(lane, taken));
    }
    return taken;
  }

  private static void takeAll(Lane lane, BlockingQueue<QueuedDelivery> taken) {
    boolean afterOne = false;
    while (true) {
      try {
        QueuedDelivery next = lane.take(afterOne);
        if (next == null) {
          return;
        }
        taken.add(next);
        afterOne = true;
      } catch (InterruptedException e) {
        afterOne = false;
      }
    }
  }

  private static void awaitState(Thread thread, Thread.State state) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.getState() != state && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(1); // polling a state that nothing announces
    }
    assertThat(thread.getState()).isEqualTo(state);
  }

  // --- Order ------------------------------------------------------------------------------------

  @Test
  void whatIsPutBackIsTheNextOneOut() {
    Lane lane = lane(100, OverflowPolicy.reject());
    List<QueuedDelivery> sent = List.of(accepted(lane), accepted(lane), accepted(lane));
    QueuedDelivery first = lane.poll();
    assertThat(first).isSameAs(sent.get(0));

    lane.putBack(first);
    lane.finish();

    assertThat(lane.poll()).isSameAs(sent.get(0));
    assertThat(lane.poll()).isSameAs(sent.get(1));
    assertThat(lane.poll()).isSameAs(sent.get(2));
  }

  @Test
  void whatIsDelayedIsDueToTheMillisecond() {
    Lane lane = lane(100, OverflowPolicy.reject());
    QueuedDelivery delivery = delivery();
    lane.addAt(START.plusSeconds(5), delivery);

    time.set(START.plusSeconds(5).minusMillis(1));
    assertThat(lane.poll()).isNull();
    assertThat(lane.load().nextDue()).isEqualTo(START.plusSeconds(5));
    time.set(START.plusSeconds(5));
    assertThat(lane.poll()).isSameAs(delivery);
  }

  @Test
  void manyThatBecomeDueAtOnceAllGetOut() {
    Lane lane = lane(10_000, OverflowPolicy.reject());
    for (int i = 0; i < 3_500; i++) {
      lane.addAt(START.plusSeconds(1), delivery());
    }
    time.set(START.plusSeconds(2));

    int count = 0;
    while (lane.poll() != null) {
      lane.finish();
      count++;
    }

    assertThat(count).isEqualTo(3_500);
  }

  @Test
  void aTimeWithoutMillisecondsIsNoObstacle() {
    Lane lane = lane(100, OverflowPolicy.reject());
    QueuedDelivery past = delivery();
    QueuedDelivery future = delivery();

    lane.addAt(Instant.MAX, future);
    lane.addAt(Instant.MIN, past);

    assertThat(lane.poll()).isSameAs(past);
    assertThat(lane.poll()).isNull();
    assertThat(lane.load().delayed()).isEqualTo(1);
  }

  @Test
  void aHeldLaneWaitsAndThenGoesOnInItsOrder() {
    Lane lane = lane(100, OverflowPolicy.reject());
    QueuedDelivery first = accepted(lane);
    QueuedDelivery critical = delivery(Priority.CRITICAL, START);
    lane.hold(START.plusSeconds(10));
    lane.add(critical);

    time.set(START.plusSeconds(10).minusMillis(1));
    assertThat(lane.poll()).isNull();
    time.set(START.plusSeconds(10));
    assertThat(lane.poll()).isSameAs(critical);
    assertThat(lane.poll()).isSameAs(first);
  }

  @Test
  void aShorterHoldDoesNotShortenALongerOne() {
    Lane lane = lane(100, OverflowPolicy.reject());
    accepted(lane);
    lane.hold(START.plusSeconds(10));
    lane.hold(START.plusSeconds(5));

    time.set(START.plusSeconds(7));

    assertThat(lane.poll()).isNull();
  }

  @Test
  void aHoldForEverIsAskedAgainAfterADay() {
    Lane lane = lane(100, OverflowPolicy.reject());
    QueuedDelivery delivery = accepted(lane);
    lane.hold(Instant.MAX);

    assertThat(lane.poll()).isNull();
    time.set(START.plus(Duration.ofDays(1)));

    assertThat(lane.poll()).isSameAs(delivery);
  }

  // --- Room -------------------------------------------------------------------------------------

  @Test
  void reservedRoomCountsAndComesBack() {
    Lane lane = lane(2, OverflowPolicy.reject());
    lane.reserve(Priority.NORMAL, true);
    lane.reserve(Priority.NORMAL, true);

    assertThatThrownBy(() -> lane.reserve(Priority.NORMAL, true))
        .isInstanceOf(LaneFullException.class);
    lane.giveBack();
    lane.reserve(Priority.NORMAL, true);
    lane.fill(delivery());

    assertThatThrownBy(() -> lane.reserve(Priority.NORMAL, true))
        .isInstanceOf(LaneFullException.class);
    assertThat(lane.poll()).isNotNull();
    assertThat(lane.reserve(Priority.NORMAL, true)).isEmpty();
  }

  @Test
  void whatIsSettledElsewhereTakesNoRoomAndIsNotCounted() {
    Lane lane = lane(2, OverflowPolicy.reject());
    QueuedDelivery cancelled = accepted(lane);
    QueuedDelivery kept = accepted(lane);

    lane.discard(cancelled.id());

    assertThat(lane.load().waiting()).isEqualTo(1);
    assertThat(lane.reserve(Priority.NORMAL, false)).isEmpty();
    assertThat(lane.poll()).isSameAs(kept);
    assertThat(lane.poll()).isNull();
  }

  @Test
  void manyDiscardedEntriesAreForgottenWithoutBeingReached() {
    Lane lane = lane(10_000, OverflowPolicy.reject());
    QueuedDelivery kept = accepted(lane);
    for (int i = 0; i < 5_000; i++) {
      QueuedDelivery delivery = delivery();
      lane.addAt(START.plusSeconds(1000 + i), delivery);
      lane.discard(delivery.id());
    }

    assertThat(lane.load().delayed()).isZero();
    assertThat(lane.poll()).isSameAs(kept);
  }

  private void startBlocked(Lane lane, CountDownLatch in) throws InterruptedException {
    Thread sender =
        start(
            "sender",
            () -> {
              lane.reserve(Priority.NORMAL, true);
              in.countDown();
            });
    awaitState(sender, Thread.State.TIMED_WAITING);
  }

  @Test
  void aBlockedSenderIsWokenByRoom() throws InterruptedException {
    Lane lane = lane(1, OverflowPolicy.block(Duration.ofSeconds(40)));
    accepted(lane);
    CountDownLatch in = new CountDownLatch(1);
    startBlocked(lane, in);

    assertThat(lane.poll()).isNotNull();

    assertThat(in.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBlockedSenderThatWaitsForManyPlacesIsSoonContentWithOne() throws InterruptedException {
    Lane lane = lane(8, OverflowPolicy.block(Duration.ofSeconds(40)));
    for (int i = 0; i < 8; i++) {
      accepted(lane);
    }
    CountDownLatch in = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      startBlocked(lane, in);
    }

    assertThat(lane.poll()).isNotNull();
    assertThat(lane.poll()).isNotNull();

    assertThat(in.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBlockedSenderIsWokenByADiscard() throws InterruptedException {
    Lane lane = lane(1, OverflowPolicy.block(Duration.ofSeconds(40)));
    QueuedDelivery first = accepted(lane);
    CountDownLatch in = new CountDownLatch(1);
    startBlocked(lane, in);

    lane.discard(first.id());

    assertThat(in.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void everyBlockedSenderGetsItsTurn() throws InterruptedException {
    Lane lane = lane(1, OverflowPolicy.block(Duration.ofSeconds(40)));
    accepted(lane);
    int senders = 20;
    CountDownLatch in = new CountDownLatch(senders);
    List<QueuedDelivery> more = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      more.add(delivery());
    }
    for (QueuedDelivery delivery : more) {
      start(
          "sender",
          () -> {
            lane.reserve(Priority.NORMAL, true);
            lane.fill(delivery);
            in.countDown();
          });
    }

    BlockingQueue<QueuedDelivery> taken = work(lane, 2);

    assertThat(in.await(30, TimeUnit.SECONDS)).isTrue();
    for (int i = 0; i <= senders; i++) {
      assertThat(taken.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void aBlockedSenderIsSentAwayWhenTheLaneCloses() throws InterruptedException {
    Lane lane = lane(1, OverflowPolicy.block(Duration.ofSeconds(40)));
    accepted(lane);
    BlockingQueue<Throwable> refused = new LinkedBlockingQueue<>();
    Thread sender =
        start(
            "sender",
            () -> {
              try {
                lane.reserve(Priority.NORMAL, true);
              } catch (RuntimeException e) {
                refused.add(e);
              }
            });
    awaitState(sender, Thread.State.TIMED_WAITING);

    lane.refuse();

    assertThat(refused.poll(20, TimeUnit.SECONDS)).isInstanceOf(NotifierClosedException.class);
  }

  @Test
  void roomThatIsReservedWhenTheLaneClosesIsWaitedFor() throws InterruptedException {
    Lane lane = lane(10, OverflowPolicy.reject());
    lane.reserve(Priority.NORMAL, true);
    lane.refuse();
    assertThat(lane.awaitQuiet(1, START)).as("somebody is on the way in").isNotPositive();

    lane.fill(delivery());
    assertThat(lane.awaitQuiet(1, START)).as("it is in").isNotPositive();
    assertThat(lane.poll()).isNotNull();
    lane.finish();

    assertThat(lane.awaitQuiet(1, START)).isPositive();
  }

  @Test
  void whoIsRefusedTakesNoRoom() {
    Lane lane = lane(10, OverflowPolicy.reject());
    accepted(lane); // now others enter without the lock
    lane.refuse();

    assertThatThrownBy(() -> lane.reserve(Priority.NORMAL, true))
        .isInstanceOf(NotifierClosedException.class);

    assertThat(lane.size()).isEqualTo(1);
  }

  @Test
  void everyWayInAndOutIsCounted() {
    Lane lane = lane(10, OverflowPolicy.reject());
    QueuedDelivery first = accepted(lane);
    lane.add(delivery());
    lane.addAt(START.plusSeconds(1), delivery());
    lane.addAlarm(delivery(Priority.LOW, START.plusSeconds(2)));
    assertThat(lane.size()).as("an alarm takes no room").isEqualTo(3);

    assertThat(lane.poll()).isSameAs(first);
    assertThat(lane.size()).isEqualTo(2);
    lane.putBack(first);
    assertThat(lane.size()).isEqualTo(3);
    lane.discard(first.id());
    lane.load();
    assertThat(lane.size()).isEqualTo(2);

    time.set(START.plusSeconds(3));
    assertThat(lane.load().waiting()).isEqualTo(3);
    assertThat(lane.size()).as("an alarm that is due takes room").isEqualTo(3);
    while (lane.poll() != null) {
      lane.finish();
    }
    assertThat(lane.size()).isZero();
  }

  // --- Who is woken -----------------------------------------------------------------------------

  /** A leader that is not woken sleeps for a second each time. */
  private static final Duration MUCH_LESS_THAN_TWENTY_SLEEPS = Duration.ofSeconds(8);

  @Test
  void anEarlierEntryWakesTheLeaderThatWaitsForALaterOne() throws InterruptedException {
    Lane lane = lane(100, OverflowPolicy.reject(), InstantSource.system());
    BlockingQueue<QueuedDelivery> taken = work(lane, 3);
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      lane.addAt(Instant.now().plusSeconds(600), delivery());
      QueuedDelivery soon = delivery();
      lane.addAt(Instant.now().plusMillis(20), soon);

      assertThat(taken.poll(20, TimeUnit.SECONDS)).isSameAs(soon);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(MUCH_LESS_THAN_TWENTY_SLEEPS);
  }

  @Test
  void theEndOfAHoldIsNoticedThoughTheLeaderWaitsForALaterEntry() throws InterruptedException {
    Lane lane = lane(100, OverflowPolicy.reject(), InstantSource.system());
    BlockingQueue<QueuedDelivery> taken = work(lane, 4);
    lane.addAt(Instant.now().plusSeconds(600), delivery()); // somebody leads from now on
    threads.forEach(LaneTest::awaitWaiting);
    long start = System.nanoTime();

    for (int i = 0; i < 20; i++) {
      lane.hold(Instant.now().plusMillis(30));
      QueuedDelivery next = delivery();
      lane.add(next);

      assertThat(taken.poll(20, TimeUnit.SECONDS)).isSameAs(next);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isLessThan(MUCH_LESS_THAN_TWENTY_SLEEPS);
  }

  private static void awaitWaiting(Thread thread) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING
        && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aBurstIsTakenByAllWorkersAtOnce() throws InterruptedException {
    Lane lane = lane(100, OverflowPolicy.reject(), InstantSource.system());
    started.add(lane);
    int workers = 6;
    CountDownLatch together = new CountDownLatch(workers);
    for (int i = 0; i < workers; i++) {
      start(
          "worker-" + i,
          () -> {
            try {
              if (lane.take(false) != null) {
                together.countDown();
                together.await(); // stays busy until all of them are
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    threads.forEach(LaneTest::awaitWaiting);

    Instant due = Instant.now().plusMillis(50);
    for (int i = 0; i < workers; i++) {
      lane.addAt(due, delivery()); // the leader wakes alone and must wake the others
    }

    assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anInterruptedWorkerGoesOnAndLosesNoSignal() throws InterruptedException {
    Lane lane = lane(10_000, OverflowPolicy.reject(), InstantSource.system());
    BlockingQueue<QueuedDelivery> taken = work(lane, 4);
    for (int i = 0; i < 2_000; i++) {
      lane.add(delivery());
      threads.get(i % threads.size()).interrupt();
    }

    for (int i = 0; i < 2_000; i++) {
      assertThat(taken.poll(20, TimeUnit.SECONDS)).as("entry %s", i).isNotNull();
    }
  }

  @Test
  void quietMeansThatNobodyIsBusyAndNothingIsDueInTime() throws InterruptedException {
    Lane lane = lane(100, OverflowPolicy.reject());
    Instant end = START.plusSeconds(30);
    lane.refuse();
    assertThat(lane.awaitQuiet(1, end)).as("empty").isPositive();

    lane.addAt(START.plusSeconds(31), delivery());
    assertThat(lane.awaitQuiet(1, end)).as("due too late").isPositive();

    QueuedDelivery due = delivery();
    lane.addAt(START.plusSeconds(30), due);
    assertThat(lane.awaitQuiet(1, end)).as("due in time").isNotPositive();
    lane.discard(due.id());
    assertThat(lane.awaitQuiet(1, end)).as("settled elsewhere").isPositive();

    lane.add(delivery());
    assertThat(lane.poll()).isNotNull();
    assertThat(lane.awaitQuiet(1, end)).as("busy").isNotPositive();
    lane.finish();
    assertThat(lane.awaitQuiet(1, end)).as("done").isPositive();
  }

  @Test
  void aStoppedLaneGivesNothingOut() throws InterruptedException {
    Lane lane = lane(100, OverflowPolicy.reject());
    lane.add(delivery());

    lane.stop();

    assertThat(lane.take(false)).isNull();
    assertThat(lane.load().waiting()).isEqualTo(1);
  }
}
