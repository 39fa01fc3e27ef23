package dev.notifier.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ChannelStats;
import dev.notifier.ChannelStats.Event;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.RetryPolicy;
import dev.notifier.Route.FallbackOn;
import dev.notifier.functional.QuietLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing is lost, nothing is sent twice, whoever races whom. */
@ExtendWith(QuietLog.class)
@Timeout(180)
class ExactlyOnceTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  private static final List<Priority> PRIORITIES = List.of(Priority.values());

  private final ExecutorService pool = Executors.newCachedThreadPool();

  @AfterEach
  void endPool() throws InterruptedException {
    pool.shutdownNow();
    assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  /** Runs a task on so many threads at a time. */
  private void together(int threads, Callable<?> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      running.add(
          pool.submit(
              () -> {
                start.await(30, TimeUnit.SECONDS);
                return task.call();
              }));
    }
    for (Future<?> future : running) {
      future.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void eightSendersAndSixteenWorkersDeliverEachExactlyOnce() throws Exception {
    int senders = 8;
    int each = 5_000;
    int total = senders * each;
    Map<NotificationId, Integer> calls = new ConcurrentHashMap<>();
    Map<NotificationId, Integer> settled = new ConcurrentHashMap<>();
    LongAdder accepted = new LongAdder();
    NotificationListener listener =
        new NotificationListener() {
          @Override
          public void accepted(NotificationId id, Notification notification) {
            accepted.increment();
          }

          @Override
          public void settled(NotificationId id, DeliveryReport delivery) {
            settled.merge(id, 1, Integer::sum);
          }
        };
    Map<NotificationId, Boolean> sent = new ConcurrentHashMap<>();
    Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .history(total, Duration.ofDays(1))
            .defaultPolicy(ChannelPolicy.builder().concurrency(16).capacity(1_000).build())
            .listener(listener)
            .channel(
                "email",
                attempt -> {
                  calls.merge(attempt.delivery().notification(), 1, Integer::sum);
                  return DeliveryResult.accepted();
                })
            .build();
    together(
        senders,
        () -> {
          Random random = new Random(Thread.currentThread().getId());
          for (int i = 0; i < each; i++) {
            Priority priority = PRIORITIES.get(random.nextInt(4));
            Notification notification =
                Notification.to("email:user" + i + "@example.com")
                    .text("hello")
                    .priority(priority)
                    .build();
            Receipt receipt =
                i % 10 == 0 && priority == Priority.CRITICAL
                    ? notifier.sendAsync(notification).toCompletableFuture().get()
                    : notifier.send(notification);
            sent.put(receipt.id(), true);
          }
          return null;
        });

    assertThat(notifier.close(LONG).isClean()).isTrue();

    assertThat(sent).hasSize(total);
    assertThat(calls.keySet()).isEqualTo(sent.keySet());
    assertThat(calls.values()).containsOnly(1);
    assertThat(settled.keySet()).isEqualTo(sent.keySet());
    assertThat(settled.values()).containsOnly(1);
    assertThat(accepted.sum()).isEqualTo(total);
    ChannelStats stats = notifier.stats().channels().get(ChannelId.of("email"));
    assertThat(stats.count(Event.ACCEPTED)).isEqualTo(total);
    assertThat(stats.count(Event.SENT)).isEqualTo(total);
    assertThat(stats.waiting() + stats.delayed() + stats.busyWorkers()).isZero();
  }

  /** Fails in every way, by a seeded hash of delivery and attempt, and is never ambiguous. */
  private static final class Flaky {
    private final Map<NotificationId, AtomicInteger> accepted;
    private final LongAdder calls = new LongAdder();

    Flaky(Map<NotificationId, AtomicInteger> accepted) {
      this.accepted = accepted;
    }

    DeliveryResult send(DeliveryAttempt attempt) throws IOException {
      calls.increment();
      String text = attempt.content().text().orElseThrow();
      int dice = new Random((text + attempt.channel() + attempt.number()).hashCode()).nextInt(10);
      return switch (dice) {
        case 0, 1, 2 -> DeliveryResult.transientFailure("busy");
        case 3 -> DeliveryResult.permanentFailure("no");
        case 4 -> throw new IOException("connection refused");
        case 5 -> throw new IllegalStateException("a bug");
        default -> accept(attempt);
      };
    }

    private DeliveryResult accept(DeliveryAttempt attempt) {
      accepted
          .computeIfAbsent(attempt.delivery().notification(), id -> new AtomicInteger())
          .incrementAndGet();
      return DeliveryResult.accepted();
    }
  }

  @Test
  void fallBackBetweenLanesUnderLoadSettlesEverythingOnce() throws Exception {
    int senders = 4;
    int each = 1_500;
    Map<NotificationId, AtomicInteger> accepted = new ConcurrentHashMap<>();
    Flaky flaky = new Flaky(accepted);
    ChannelPolicy policy =
        ChannelPolicy.builder()
            .concurrency(6)
            .withoutBreakers()
            .retry(RetryPolicy.delays(Duration.ofMillis(1), Duration.ofMillis(8)))
            .build();
    Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .history(senders * each, Duration.ofDays(1))
            .defaultPolicy(policy)
            .channel("email", flaky::send)
            .channel("sms", flaky::send)
            .channel("pager", flaky::send)
            .build();
    List<Receipt> receipts = new ArrayList<>();
    AtomicInteger number = new AtomicInteger();
    together(
        senders,
        () -> {
          for (int i = 0; i < each; i++) {
            Receipt receipt = notifier.send(routed(number.getAndIncrement()));
            synchronized (receipts) {
              receipts.add(receipt);
            }
          }
          return null;
        });

    assertThat(notifier.close(LONG).isClean()).isTrue();

    long sent = 0;
    for (Receipt receipt : receipts) {
      var report = notifier.find(receipt.id()).orElseThrow();
      assertThat(report.status()).isIn(DeliveryStatus.SENT, DeliveryStatus.FAILED);
      int times = accepted.getOrDefault(receipt.id(), new AtomicInteger()).get();
      assertThat(times).isEqualTo(report.status() == DeliveryStatus.SENT ? 1 : 0);
      sent += times;
    }
    assertThat(receipts).hasSize(senders * each);
    assertThat(notifier.stats().total(Event.SENT)).isEqualTo(sent);
    assertThat(notifier.stats().total(Event.FAILED)).isEqualTo(receipts.size() - sent);
    assertThat(flaky.calls.sum()).isGreaterThan(receipts.size());
    notifier
        .stats()
        .channels()
        .values()
        .forEach(lane -> assertThat(lane.waiting() + lane.delayed() + lane.busyWorkers()).isZero());
  }

  private static Notification routed(int number) {
    Recipient recipient =
        Recipient.named("user-" + number)
            .email("user" + number + "@example.com")
            .sms("+4915112345678")
            .address("pager", "p" + number);
    String[][] routes = {
      {"email", "sms", "pager"}, {"sms", "email", "pager"}, {"pager", "email", "sms"}
    };
    String[] route = routes[number % routes.length];
    Notification.Builder builder =
        Notification.to(recipient)
            .via(route[0])
            .orElse(route[1])
            .orElse(route[2])
            .text("n" + number)
            .priority(PRIORITIES.get(number % 4));
    if (number % 2 == 0) {
      builder.fallbackAfter(Duration.ofMillis(1 + number % 7));
    }
    if (number % 5 == 0) {
      builder.fallbackOn(FallbackOn.FIRST_FAILURE);
    }
    return builder.build();
  }

  @Test
  void aCancelThatSaysTrueIsNeverSentAndOneThatSaysFalseIs() throws Exception {
    int rounds = 100;
    Map<NotificationId, Boolean> seen = new ConcurrentHashMap<>();
    CountDownLatch[] gate = {new CountDownLatch(0)};
    Random random = new Random(17);
    try (Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .defaultPolicy(ChannelPolicy.builder().concurrency(1).build())
            .channel(
                "email",
                attempt -> {
                  if (attempt.content().text().orElseThrow().equals("gate")) {
                    gate[0].await();
                  } else {
                    seen.put(attempt.delivery().notification(), true);
                  }
                  return DeliveryResult.accepted();
                })
            .build()) {
      for (int round = 0; round < rounds; round++) {
        gate[0] = new CountDownLatch(1);
        notifier.send(Notification.to("email:ada@example.com").text("gate").build());
        Receipt receipt =
            notifier.send(Notification.to("email:ada@example.com").text("race").build());
        gate[0].countDown(); // from here the worker races this thread
        int head = random.nextInt(2_000);
        for (int i = 0; i < head; i++) {
          Thread.onSpinWait();
        }

        boolean cancelled = notifier.cancel(receipt.id());

        DeliveryStatus end = receipt.await(LONG).orElseThrow().status();
        assertThat(end).isEqualTo(cancelled ? DeliveryStatus.CANCELLED : DeliveryStatus.SENT);
        Receipt after =
            notifier.send(Notification.to("email:ada@example.com").text("after").build());
        assertThat(after.await(LONG)).as("whatever was before it is done").isPresent();
        assertThat(seen.containsKey(receipt.id())).isEqualTo(!cancelled);
      }
    }
  }

  @Test
  void ofSixteenSendersWithOneKeyOneIsAccepted() throws Exception {
    int rounds = 50;
    Map<String, Integer> calls = new ConcurrentHashMap<>();
    try (Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .channel(
                "email",
                attempt -> {
                  calls.merge(attempt.content().text().orElseThrow(), 1, Integer::sum);
                  return DeliveryResult.accepted();
                })
            .build()) {
      for (int round = 0; round < rounds; round++) {
        String key = "order-" + round;
        List<Receipt> receipts = new ArrayList<>();
        together(
            16,
            () -> {
              Receipt receipt =
                  notifier.send(
                      Notification.to("email:ada@example.com")
                          .text(key)
                          .idempotencyKey(key)
                          .build());
              assertThat(notifier.find(receipt.id())).as("a duplicate's id is known").isPresent();
              synchronized (receipts) {
                receipts.add(receipt);
              }
              return null;
            });

        assertThat(receipts).extracting(Receipt::id).containsOnly(receipts.get(0).id());
        assertThat(receipts).filteredOn(receipt -> !receipt.isDuplicate()).hasSize(1);
        assertThat(receipts.get(0).await(LONG)).isPresent();
      }
      assertThat(notifier.stats().duplicates()).isEqualTo(rounds * 15L);
    }
    assertThat(calls).hasSize(rounds);
    assertThat(calls.values()).containsOnly(1);
  }
}
