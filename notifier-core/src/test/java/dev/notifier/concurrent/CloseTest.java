package dev.notifier.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.NotifierClosedException;
import dev.notifier.Outcome;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.RetryPolicy;
import dev.notifier.ShutdownReport;
import dev.notifier.functional.QuietLog;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a notifier ends. */
@ExtendWith(QuietLog.class)
@Timeout(120)
class CloseTest {
  private static final String NAME = "close-test";
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Every thread that called a channel here, virtual or not. */
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void noThreadSurvives() throws InterruptedException {
    pool.shutdownNow();
    assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    for (Thread worker : workers) {
      worker.join(1000);
    }
    assertThat(workers).noneMatch(Thread::isAlive);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith(NAME));
  }

  private Notifier notifier(ChannelPolicy policy, Channel channel) {
    return builder(policy, channel).build();
  }

  private NotifierBuilder builder(ChannelPolicy policy, Channel channel) {
    return Notifier.builder()
        .discovery(false)
        .name(NAME)
        .defaultPolicy(policy)
        .channel(
            "email",
            attempt -> {
              workers.add(Thread.currentThread());
              return channel.send(attempt);
            });
  }

  private static ChannelPolicy.Builder policy() {
    return ChannelPolicy.builder().withoutBreakers();
  }

  private static Notification hello() {
    return Notification.to("email:ada@example.com").text("hello").build();
  }

  private static DeliveryStatus status(Notifier notifier, Receipt receipt) {
    return notifier.find(receipt.id()).orElseThrow().status();
  }

  /** Hangs until it is interrupted. */
  private static final class Hanging implements Channel {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) throws InterruptedException {
      entered.countDown();
      try {
        new CountDownLatch(1).await();
      } finally {
        interrupted.countDown();
      }
      return DeliveryResult.accepted();
    }

    void awaitEntered() throws InterruptedException {
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatWaitsIsDelivered() {
    AtomicInteger sent = new AtomicInteger();
    Notifier notifier =
        notifier(
            policy().concurrency(4).build(),
            attempt -> {
              sent.incrementAndGet();
              return DeliveryResult.accepted();
            });
    for (int i = 0; i < 5_000; i++) {
      notifier.send(hello());
    }

    ShutdownReport report = notifier.close(LONG);

    assertThat(report).isEqualTo(new ShutdownReport(0, 0, 0));
    assertThat(report.isClean()).isTrue();
    assertThat(sent).hasValue(5_000);
  }

  @Test
  void aRetryThatIsDueInTimeIsWaitedFor() {
    AtomicInteger calls = new AtomicInteger();
    Notifier notifier =
        notifier(
            policy().retry(RetryPolicy.delays(Duration.ofMillis(300))).build(),
            attempt ->
                calls.incrementAndGet() == 1
                    ? DeliveryResult.transientFailure("busy")
                    : DeliveryResult.accepted());
    Receipt receipt = notifier.send(hello());

    assertThat(notifier.close(LONG).isClean()).isTrue();

    assertThat(calls).hasValue(2);
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aRetryThatIsDueLaterIsNotWaitedForButReported() {
    Notifier notifier =
        notifier(
            policy().retry(RetryPolicy.delays(Duration.ofHours(1))).build(),
            attempt -> DeliveryResult.transientFailure("busy"));
    Receipt receipt = notifier.send(hello());
    long start = System.nanoTime();

    ShutdownReport report = notifier.close(LONG);

    assertThat(report).isEqualTo(new ShutdownReport(0, 1, 0));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.QUEUED);
  }

  @Test
  void anAlarmOfWhatIsSettledIsNotWaitedFor() {
    Notifier notifier =
        builder(policy().build(), attempt -> DeliveryResult.permanentFailure("no"))
            .channel("pager", attempt -> DeliveryResult.accepted())
            .build();
    notifier.send(
        Notification.to(
                dev.notifier.Recipient.named("ada").email("ada@example.com").address("pager", "p1"))
            .via("email")
            .orElse("pager")
            .fallbackAfter(Duration.ofSeconds(40))
            .text("hello")
            .build());
    long start = System.nanoTime();

    assertThat(notifier.close(LONG).isClean()).isTrue();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aFallBackIntoALaneThatWasQuietIsWaitedFor() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Notifier notifier =
        builder(
                policy().build(),
                attempt -> {
                  entered.countDown();
                  release.await();
                  return DeliveryResult.permanentFailure("no");
                })
            .channel("aaa", attempt -> DeliveryResult.accepted()) // comes first when draining
            .build();
    Receipt receipt =
        notifier.send(
            Notification.to(
                    dev.notifier.Recipient.named("ada")
                        .email("ada@example.com")
                        .address("aaa", "p1"))
                .via("email")
                .orElse("aaa")
                .text("hello")
                .build());
    assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
    Future<ShutdownReport> report = pool.submit(() -> notifier.close(LONG));
    awaitRefusal(notifier);
    release.countDown();

    assertThat(result(report).isClean()).isTrue();
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  private static void awaitRefusal(Notifier notifier) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (notifier.health().accepting() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(notifier.health().accepting()).isFalse();
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatHangsIsInterruptedAndWhatIsLeftIsReported() throws InterruptedException {
    Hanging hanging = new Hanging();
    Notifier notifier = notifier(policy().concurrency(1).build(), hanging);
    Receipt hangs = notifier.send(hello());
    hanging.awaitEntered();
    Receipt waits = notifier.send(hello());
    notifier.send(hello());

    ShutdownReport report = notifier.close(Duration.ofMillis(100));

    assertThat(report).isEqualTo(new ShutdownReport(2, 0, 1));
    assertThat(report.isClean()).isFalse();
    assertThat(hanging.interrupted.getCount()).isZero();
    assertThat(status(notifier, waits)).isEqualTo(DeliveryStatus.QUEUED);
    assertThat(notifier.find(hangs.id()).orElseThrow().reason()).contains("interrupted");
  }

  @Test
  void whatIsCancelledIsNotLeft() throws InterruptedException {
    Hanging hanging = new Hanging();
    Notifier notifier = notifier(policy().concurrency(1).build(), hanging);
    notifier.send(hello());
    hanging.awaitEntered();
    Receipt cancelled = notifier.send(hello());
    notifier.cancel(cancelled.id());

    assertThat(notifier.close(Duration.ZERO)).isEqualTo(new ShutdownReport(0, 0, 1));
  }

  @Test
  void aSecondCallReturnsTheSameReport() throws InterruptedException {
    Hanging hanging = new Hanging();
    Notifier notifier = notifier(policy().build(), hanging);
    notifier.send(hello());
    hanging.awaitEntered();
    List<Future<ShutdownReport>> reports = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      reports.add(pool.submit(() -> notifier.close(Duration.ofMillis(200))));
    }

    ShutdownReport first = result(reports.get(0));

    assertThat(first.interrupted()).isEqualTo(1);
    for (Future<ShutdownReport> report : reports) {
      assertThat(result(report)).isSameAs(first);
    }
    notifier.close();
    assertThat(notifier.close(LONG)).isSameAs(first);
  }

  @Test
  void afterwardsNothingIsAccepted() {
    Notifier notifier = notifier(policy().build(), attempt -> DeliveryResult.accepted());
    notifier.close(LONG);

    assertThatThrownBy(() -> notifier.send(hello())).isInstanceOf(NotifierClosedException.class);
    assertThatThrownBy(
            () ->
                notifier.send(
                    Notification.to("email:a@example.com")
                        .text("x")
                        .priority(Priority.CRITICAL)
                        .build()))
        .isInstanceOf(NotifierClosedException.class);
    assertThat(notifier.sendAsync(hello()))
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withCauseInstanceOf(NotifierClosedException.class);
    assertThat(notifier.stats().total(dev.notifier.ChannelStats.Event.REJECTED))
        .as("the lane was not full")
        .isZero();
  }

  @Test
  void aSenderThatWaitsForRoomIsSentAway() throws InterruptedException {
    Hanging hanging = new Hanging();
    Notifier notifier =
        notifier(
            policy()
                .concurrency(1)
                .capacity(1)
                .overflow(OverflowPolicy.block(Duration.ofHours(1)))
                .build(),
            hanging);
    notifier.send(hello());
    hanging.awaitEntered();
    notifier.send(hello()); // fills the lane
    CountDownLatch sending = new CountDownLatch(1);
    Callable<Receipt> send =
        () -> {
          sending.countDown();
          return notifier.send(hello());
        };
    Future<Receipt> waiting = pool.submit(send);
    assertThat(sending.await(30, TimeUnit.SECONDS)).isTrue();

    notifier.close(Duration.ofMillis(100));

    assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(NotifierClosedException.class);
  }

  @Test
  void whoWaitsForAnOutcomeIsTold() throws InterruptedException {
    Hanging hanging = new Hanging();
    Notifier notifier = notifier(policy().concurrency(1).build(), hanging);
    notifier.send(hello());
    hanging.awaitEntered();
    Receipt receipt = notifier.send(hello());
    var stage = receipt.outcome();
    Future<Boolean> awaiting = pool.submit(() -> receipt.await(Duration.ofHours(1)).isPresent());

    notifier.close(Duration.ofMillis(100));

    assertThat(result(awaiting)).isFalse();
    assertThat(stage)
        .failsWithin(Duration.ofSeconds(10))
        .withThrowableThat()
        .withCauseInstanceOf(NotifierClosedException.class);
    assertThat(receipt.await(Duration.ofHours(1))).as("asked afterwards").isEmpty();
  }

  @Test
  void whatWasSettledCanBeAskedAfterwards() throws InterruptedException {
    Notifier notifier = notifier(policy().build(), attempt -> DeliveryResult.accepted());
    Receipt receipt = notifier.send(hello());
    notifier.close(LONG);

    assertThat(receipt.await(Duration.ZERO).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
  }

  @Test
  void everyWorkerEnds() throws Exception {
    int concurrency = 8;
    CyclicBarrier all = new CyclicBarrier(concurrency);
    Notifier notifier =
        notifier(
            policy().concurrency(concurrency).build(),
            attempt -> {
              try {
                all.await(30, TimeUnit.SECONDS);
              } catch (Exception e) {
                return DeliveryResult.permanentFailure(e.toString());
              }
              return DeliveryResult.accepted();
            });
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < concurrency; i++) {
      receipts.add(notifier.send(hello()));
    }
    for (Receipt receipt : receipts) {
      assertThat(receipt.await(LONG).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
    }
    assertThat(workers).hasSize(concurrency).allMatch(Thread::isAlive).allMatch(Thread::isDaemon);
    assertThat(workers)
        .extracting(Thread::getName)
        .allMatch(name -> name.startsWith(NAME + "-email-"));

    notifier.close(LONG);

    for (Thread worker : workers) {
      worker.join(1000);
    }
    assertThat(workers).noneMatch(Thread::isAlive);
  }

  @Test
  void channelsAreClosedAfterTheLastAttemptWhateverOneThrows() {
    AtomicBoolean closedWhileBusy = new AtomicBoolean();
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    class Closing implements Channel {
      @Override
      public DeliveryResult send(DeliveryAttempt attempt) {
        busy.incrementAndGet();
        workers.add(Thread.currentThread());
        Thread.onSpinWait();
        busy.decrementAndGet();
        return DeliveryResult.accepted();
      }

      @Override
      public void close() {
        closedWhileBusy.compareAndSet(false, busy.get() > 0);
        closed.incrementAndGet();
        throw new LinkageError("a bug in the channel");
      }
    }
    Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .name(NAME)
            .channel("email", new Closing())
            .channel("pager", new Closing())
            .build();
    for (int i = 0; i < 1000; i++) {
      notifier.send(hello());
    }

    notifier.close(LONG);
    notifier.close(LONG);

    assertThat(closed).hasValue(2);
    assertThat(closedWhileBusy).isFalse();
  }

  @Test
  void anInterruptedCallerGoesAtOnceAndLeavesNoThread() throws InterruptedException {
    Hanging hanging = new Hanging();
    Notifier notifier = notifier(policy().build(), hanging);
    notifier.send(hello());
    hanging.awaitEntered();

    Thread.currentThread().interrupt();
    ShutdownReport report = notifier.close(Duration.ofHours(1));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(report.interrupted()).isEqualTo(1);
  }

  @Test
  void anyTimeMayBeGiven() {
    Notifier notifier = notifier(policy().build(), attempt -> DeliveryResult.accepted());
    assertThatThrownBy(() -> notifier.close(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(notifier.health().accepting()).as("a bad call changes nothing").isTrue();

    assertThat(notifier.close(Duration.ofSeconds(Long.MAX_VALUE)).isClean()).isTrue();
  }

  @Test
  void anIdleNotifierClosesAtOnce() {
    Notifier notifier = notifier(policy().build(), attempt -> DeliveryResult.accepted());
    long start = System.nanoTime();

    notifier.close(LONG);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }
}
