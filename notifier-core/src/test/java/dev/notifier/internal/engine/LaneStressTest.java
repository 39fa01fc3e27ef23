package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryId;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.spi.QueuedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds of a lane whatever many senders and workers do at once. */
@Timeout(120)
class LaneStressTest {
  private static final Instant START = Instant.parse("2025-01-01T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int JOBS = 40_000;
  private static final Map<Priority, Notification> NOTIFICATIONS = new EnumMap<>(Priority.class);

  static {
    for (Priority priority : Priority.values()) {
      NOTIFICATIONS.put(
          priority, Notification.to("email:ada@example.com").text("x").priority(priority).build());
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final InstantSource clock = () -> START;

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  private Lane lane(int capacity) {
    return new Lane(
        "email",
        ChannelPolicy.builder().capacity(capacity).overflow(OverflowPolicy.block(PATIENCE)).build(),
        clock);
  }

  private static QueuedDelivery delivery(int number, Priority priority) {
    NotificationId id = new NotificationId(new UUID(0, number));
    return QueuedDelivery.first(new DeliveryId(id, 0), NOTIFICATIONS.get(priority), START);
  }

  private static int numberOf(QueuedDelivery delivery) {
    return (int) delivery.id().notification().value().getLeastSignificantBits();
  }

  private static @Nullable QueuedDelivery take(Lane lane, boolean afterOne) {
    try {
      return lane.take(afterOne);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1,10", "1,1,100000", "4,1,64", "2,8,1", "4,8,64", "4,8,100000"})
  void everythingThatIsSentIsTakenOnceAndTheRoomIsNeverExceeded(
      int senders, int workers, int capacity) throws Exception {
    Lane lane = lane(capacity);
    AtomicIntegerArray taken = new AtomicIntegerArray(JOBS);
    AtomicInteger most = new AtomicInteger();
    List<Future<?>> working = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      working.add(threads.submit(() -> takeAll(lane, taken)));
    }
    List<Future<?>> sending = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      int first = i;
      sending.add(threads.submit(() -> send(lane, first, senders, most)));
    }
    await(sending);
    lane.refuse();
    assertThat(lane.awaitQuiet(PATIENCE.toNanos(), Instant.MAX)).isPositive();
    assertThat(lane.load().busy()).isZero();
    assertThat(lane.load().waiting()).isZero();
    assertThat(lane.size()).isZero();
    lane.stop();
    await(working);

    for (int i = 0; i < JOBS; i++) {
      assertThat(taken.get(i)).as("how often %s was taken", i).isEqualTo(1);
    }
    assertThat(most.get()).isLessThanOrEqualTo(capacity);
  }

  private static void takeAll(Lane lane, AtomicIntegerArray taken) {
    QueuedDelivery next = take(lane, false);
    while (next != null) {
      taken.incrementAndGet(numberOf(next));
      next = take(lane, true);
    }
  }

  /** None of them is CRITICAL, which would get in above the capacity. */
  private static void send(Lane lane, int first, int step, AtomicInteger most) {
    Priority[] priorities = {Priority.LOW, Priority.NORMAL, Priority.HIGH};
    for (int number = first; number < JOBS; number += step) {
      Priority priority = priorities[number % priorities.length];
      lane.reserve(priority, true);
      if (number % 17 == 0) {
        lane.giveBack(); // the store refused it
        lane.reserve(priority, true);
      }
      if (number % 101 == 0) {
        most.accumulateAndGet(lane.size(), Math::max);
      }
      lane.fill(delivery(number, priority));
    }
  }

  @Test
  void ofOneSenderAndOneClassEachComesAfterTheOneBefore() throws Exception {
    Lane lane = lane(1_000);
    int senders = 4;
    List<Future<?>> sending = new ArrayList<>();
    for (int i = 0; i < senders; i++) {
      int first = i;
      sending.add(threads.submit(() -> send(lane, first, senders, new AtomicInteger())));
    }
    int[][] last = new int[senders][Priority.values().length];
    Future<?> working =
        threads.submit(
            () -> {
              QueuedDelivery next = take(lane, false);
              while (next != null) {
                int number = numberOf(next);
                int priority = LaneOrder.classOf(next.priority());
                assertThat(number).isGreaterThanOrEqualTo(last[number % senders][priority]);
                last[number % senders][priority] = number;
                next = take(lane, true);
              }
            });
    await(sending);
    lane.refuse();
    assertThat(lane.awaitQuiet(PATIENCE.toNanos(), Instant.MAX)).isPositive();
    lane.stop();
    await(List.of(working));
  }

  /** Whoever has returned from fill has it before all that is less urgent. */
  @Test
  void aCriticalOneIsTheNextOutWhateverOthersSendMeanwhile() throws Exception {
    Lane lane = lane(1_000_000);
    for (int i = 0; i < 1_000; i++) {
      lane.add(delivery(i, Priority.LOW));
    }
    Callable<Boolean> flood =
        () -> {
          for (int i = 0; i < JOBS; i++) {
            lane.reserve(Priority.HIGH, true);
            lane.fill(delivery(i, Priority.HIGH));
          }
          return true;
        };
    List<Future<?>> floods = new ArrayList<>();
    floods.add(threads.submit(flood));
    floods.add(threads.submit(flood));
    for (int i = 0; i < 2_000; i++) {
      QueuedDelivery critical = delivery(JOBS + i, Priority.CRITICAL);
      lane.reserve(Priority.CRITICAL, true);
      lane.fill(critical);

      assertThat(lane.poll()).isSameAs(critical);
      lane.finish();
    }
    await(floods);
  }

  /** A sleeping worker that is missed would leave the sender waiting for an answer for ever. */
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void noSignalIsLostThoughTheWorkersFallAsleepBetweenAnyTwo(int workers) throws Exception {
    Lane lane = lane(10);
    AtomicIntegerArray taken = new AtomicIntegerArray(JOBS);
    List<Future<?>> working = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      working.add(threads.submit(() -> takeAll(lane, taken)));
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (int number = 0; number < 10_000; number++) {
      lane.reserve(Priority.NORMAL, true);
      lane.fill(delivery(number, Priority.NORMAL));
      while (taken.get(number) == 0) {
        assertThat(System.nanoTime()).as("waiting for %s", number).isLessThan(end);
        Thread.onSpinWait();
      }
    }
    lane.stop();
    await(working);
  }

  private static void await(List<Future<?>> futures) throws Exception {
    for (Future<?> future : futures) {
      try {
        future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }
  }
}
