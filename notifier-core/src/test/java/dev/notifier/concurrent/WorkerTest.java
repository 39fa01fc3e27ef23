package dev.notifier.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.NotifierBuilder;
import dev.notifier.Outcome;
import dev.notifier.OverflowPolicy;
import dev.notifier.RateLimit;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.functional.QuietLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Workers that survive, lanes that do not hold each other up. */
@ExtendWith(QuietLog.class)
@Timeout(120)
class WorkerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static NotifierBuilder builder(ChannelPolicy policy) {
    return Notifier.builder().discovery(false).defaultPolicy(policy);
  }

  private static ChannelPolicy.Builder policy() {
    return ChannelPolicy.builder().withoutBreakers().concurrency(1);
  }

  private static Notification hello(String text) {
    return Notification.to("email:ada@example.com").text(text).build();
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void raise(Throwable thrown) throws E {
    throw (E) thrown;
  }

  @Test
  void theOnlyWorkerSurvivesWhateverIsThrown() throws InterruptedException {
    List<Throwable> throwables =
        List.of(
            new IOException("refused"),
            new IllegalStateException("bug"),
            new NoClassDefFoundError("x/Y"),
            new StackOverflowError(),
            new AssertionError(),
            new InterruptedException(),
            new ThreadDeath0());
    AtomicInteger calls = new AtomicInteger();
    try (Notifier notifier =
        builder(policy().retry(RetryPolicy.none()).build())
            .channel(
                "email",
                attempt -> {
                  int call = calls.getAndIncrement();
                  if (call < throwables.size()) {
                    WorkerTest.<RuntimeException>raise(throwables.get(call));
                  }
                  return DeliveryResult.accepted();
                })
            .build()) {
      for (int i = 0; i < throwables.size(); i++) {
        assertThat(notifier.send(hello("n" + i)).await(LONG).map(Outcome::status))
            .hasValue(DeliveryStatus.FAILED);
      }
      assertThat(notifier.send(hello("last")).await(LONG).map(Outcome::status))
          .hasValue(DeliveryStatus.SENT);
    }
  }

  /** An error that nobody has heard of. */
  private static final class ThreadDeath0 extends Error {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void anInterruptFlagThatWasLeftBehindDoesNotReachTheNextDelivery() throws InterruptedException {
    CountDownLatch allQueued = new CountDownLatch(1);
    List<Boolean> flags = new CopyOnWriteArrayList<>();
    try (Notifier notifier =
        builder(policy().retry(RetryPolicy.none()).build())
            .channel(
                "email",
                attempt -> {
                  if (attempt.content().text().orElseThrow().equals("first")) {
                    allQueued.await();
                  }
                  flags.add(Thread.currentThread().isInterrupted());
                  Thread.currentThread().interrupt();
                  return DeliveryResult.accepted();
                })
            .build()) {
      List<Receipt> receipts = new ArrayList<>(List.of(notifier.send(hello("first"))));
      for (int i = 0; i < 20; i++) {
        receipts.add(notifier.send(hello("n" + i)));
      }
      allQueued.countDown();

      for (Receipt receipt : receipts) {
        assertThat(receipt.await(LONG).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
      }
    }
    assertThat(flags).hasSize(21).containsOnly(false);
  }

  @Test
  void aLaneThatHangsHoldsUpNoOther() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    try (Notifier notifier =
        builder(policy().build())
            .channel(
                "email",
                attempt -> {
                  release.await();
                  return DeliveryResult.accepted();
                })
            .channel("pager", attempt -> DeliveryResult.accepted())
            .build()) {
      Receipt hangs = notifier.send(hello("hangs"));
      for (int i = 0; i < 100; i++) {
        Receipt receipt = notifier.send(Notification.to("pager:p1").text("goes").build());
        assertThat(receipt.await(LONG).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
      }
      assertThat(hangs.await(Duration.ZERO)).isEmpty();
      release.countDown();
      assertThat(hangs.await(LONG)).isPresent();
    }
  }

  @Test
  void fallbackAfterLeavesALaneThatHangsAndTwoThatHang() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    List<String> sent = new CopyOnWriteArrayList<>();
    try (Notifier notifier =
        builder(policy().build())
            .channel(
                "email",
                attempt -> {
                  release.await();
                  sent.add("email " + attempt.content().text().orElseThrow());
                  return DeliveryResult.accepted();
                })
            .channel(
                "sms",
                attempt -> {
                  release.await();
                  sent.add("sms " + attempt.content().text().orElseThrow());
                  return DeliveryResult.accepted();
                })
            .channel(
                "pager",
                attempt -> {
                  sent.add("pager " + attempt.content().text().orElseThrow());
                  return DeliveryResult.accepted();
                })
            .build()) {
      Recipient ada =
          Recipient.named("ada")
              .email("ada@example.com")
              .sms("+4915112345678")
              .address("pager", "p1");
      Receipt hangsInEmail = notifier.send(hello("hangs"));
      Receipt hangsInSms = notifier.send(Notification.to(ada).via("sms").text("hangs").build());
      Receipt receipt =
          notifier.send(
              Notification.to(ada)
                  .via("email")
                  .orElse("sms")
                  .orElse("pager")
                  .fallbackAfter(Duration.ofMillis(100))
                  .text("urgent")
                  .build());

      assertThat(receipt.await(LONG).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
      assertThat(sent).containsExactly("pager urgent");
      release.countDown();
      assertThat(hangsInEmail.await(LONG)).isPresent();
      assertThat(hangsInSms.await(LONG)).isPresent();
    }
    assertThat(sent).containsExactlyInAnyOrder("pager urgent", "email hangs", "sms hangs");
  }

  @Test
  void aSenderThatWaitsIsWokenByRoom() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    ChannelPolicy small =
        policy().capacity(1).overflow(OverflowPolicy.block(Duration.ofHours(1))).build();
    try (Notifier notifier =
        builder(small)
            .channel(
                "email",
                attempt -> {
                  entered.countDown();
                  release.await();
                  return DeliveryResult.accepted();
                })
            .build()) {
      notifier.send(hello("hangs"));
      assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
      notifier.send(hello("fills the lane"));
      Future<Receipt> waiting = pool.submit(() -> notifier.send(hello("waits for room")));
      release.countDown();

      Receipt receipt = waiting.get(60, TimeUnit.SECONDS);

      assertThat(receipt.await(LONG).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void twoFanOutsThatWaitForEachOthersLanesBothGetIn() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    ChannelPolicy small =
        policy().capacity(1).overflow(OverflowPolicy.block(Duration.ofSeconds(50))).build();
    AtomicInteger sent = new AtomicInteger();
    try (Notifier notifier =
        builder(small)
            .channel(
                "email",
                attempt -> {
                  sent.incrementAndGet();
                  return DeliveryResult.accepted();
                })
            .channel(
                "pager",
                attempt -> {
                  sent.incrementAndGet();
                  return DeliveryResult.accepted();
                })
            .build()) {
      Recipient ada = Recipient.named("ada").email("ada@example.com").address("pager", "p1");
      Notification oneWay = Notification.to(ada).viaAll("email", "pager").text("x").build();
      Notification otherWay = Notification.to(ada).viaAll("pager", "email").text("x").build();
      List<Future<?>> senders = new ArrayList<>();
      for (Notification notification : List.of(oneWay, otherWay)) {
        senders.add(
            pool.submit(() -> IntStream.range(0, 500).forEach(i -> notifier.send(notification))));
      }
      for (Future<?> sender : senders) {
        sender.get(40, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(sent).hasValue(2_000);
  }

  @Test
  void underARateLimitOneWorkerKeepsTheOrder() throws InterruptedException {
    List<String> sent = new CopyOnWriteArrayList<>();
    List<String> texts = IntStream.range(0, 60).mapToObj(i -> "n" + i).toList();
    ChannelPolicy limited = policy().rateLimit(new RateLimit(10, Duration.ofMillis(60))).build();
    long start = System.nanoTime();
    try (Notifier notifier =
        builder(limited)
            .channel(
                "email",
                attempt -> {
                  sent.add(attempt.content().text().orElseThrow());
                  return DeliveryResult.accepted();
                })
            .build()) {
      List<Receipt> receipts = texts.stream().map(text -> notifier.send(hello(text))).toList();
      for (Receipt receipt : receipts) {
        assertThat(receipt.await(LONG).map(Outcome::status)).hasValue(DeliveryStatus.SENT);
        assertThat(notifier.find(receipt.id()).orElseThrow().deliveries().get(0).attempts())
            .hasSize(1);
      }
    }
    assertThat(sent).isEqualTo(texts);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("60 in batches of 10 take at least five periods")
        .isGreaterThan(Duration.ofMillis(240));
  }
}
