package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryReport;
import dev.notifier.DeliveryResult;
import dev.notifier.Notification;
import dev.notifier.NotificationId;
import dev.notifier.NotificationListener;
import dev.notifier.Notifier;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.Settlement;
import dev.notifier.functional.QuietLog;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.spi.Channel;
import dev.notifier.spi.NotificationStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * No foreign code is called under a lock: at every place where it is called, another thread can use
 * the whole notifier.
 */
@ExtendWith(QuietLog.class)
@Timeout(120)
class NoLockHeldTest {
  private static final Set<String> PLACES =
      Set.of(
          "check",
          "send",
          "intercept",
          "accepted",
          "attempted",
          "settled",
          "settled a victim",
          "paused",
          "resumed",
          "outcome",
          "store.insert",
          "store.claim",
          "store.settle",
          "store.suppression",
          "store.suppress",
          "store.cancel",
          "store.find");

  private final Map<String, Boolean> freeAt = new ConcurrentHashMap<>();
  private final AtomicReference<Notifier> itself = new AtomicReference<>();

  /** Lets another thread use the notifier while this one stays here; once for each place. */
  private void probe(String place) {
    Notifier notifier = itself.get();
    if (notifier == null || freeAt.putIfAbsent(place, false) != null) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              useAll(notifier);
              done.countDown();
            },
            "probe-" + place);
    other.setDaemon(true);
    other.start();
    try {
      freeAt.put(place, done.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void useAll(Notifier notifier) {
    notifier.stats();
    notifier.health();
    Receipt receipt =
        notifier.send(
            Notification.to("other:probe").text("probe").priority(Priority.CRITICAL).build());
    notifier.find(receipt.id());
    receipt.outcome();
    notifier.cancel(receipt.id());
    notifier.sendAsync(
        Notification.to("email:probe@example.com")
            .text("probe")
            .priority(Priority.CRITICAL)
            .build());
    notifier.deadLetters().newest(1);
    notifier.suppressions().newest(1);
  }

  private NotificationStore store() {
    NotificationStore memory =
        new InMemoryNotificationStore(
            new HistoryLimits(1000, Duration.ofDays(1), Duration.ofDays(1)),
            InstantSource.system());
    return (NotificationStore)
        Proxy.newProxyInstance(
            NotificationStore.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              probe("store." + method.getName());
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private NotificationListener listener() {
    return new NotificationListener() {
      @Override
      public void accepted(NotificationId id, Notification notification) {
        probe("accepted");
      }

      @Override
      public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement decision) {
        probe("attempted");
      }

      @Override
      public void settled(NotificationId id, DeliveryReport delivery) {
        probe(delivery.reason().contains("dropped") ? "settled a victim" : "settled");
      }

      @Override
      public void channelPaused(ChannelId channel, String reason, Instant until) {
        probe("paused");
      }

      @Override
      public void channelResumed(ChannelId channel) {
        probe("resumed");
      }
    };
  }

  /** Says what a notification asks it to say. */
  private final class TellTale implements Channel {
    private final Set<NotificationId> seen = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(1);

    @Override
    public void check(DeliveryAttempt attempt) {
      probe("check");
    }

    @Override
    public DeliveryResult send(DeliveryAttempt attempt) throws InterruptedException {
      boolean first = seen.add(attempt.delivery().notification());
      return switch (attempt.content().text().orElseThrow()) {
        case "fault" ->
            first ? DeliveryResult.configurationFault("bad token") : DeliveryResult.accepted();
        case "suppress" -> DeliveryResult.suppressRecipient("gone");
        case "block" -> {
          blocked.countDown();
          release.await();
          yield DeliveryResult.accepted();
        }
        default -> {
          probe("send");
          yield DeliveryResult.accepted();
        }
      };
    }
  }

  @Test
  void everyPlaceWhereForeignCodeIsCalledIsFree() throws Exception {
    TellTale email = new TellTale();
    ChannelPolicy policy =
        ChannelPolicy.builder()
            .concurrency(1)
            .capacity(1)
            .overflow(OverflowPolicy.dropLeastImportant())
            .configurationFaultPause(Duration.ofMillis(20))
            .build();
    try (Notifier notifier =
        Notifier.builder()
            .discovery(false)
            .store(store())
            .defaultPolicy(policy)
            .channel("email", email)
            .channel("other", attempt -> DeliveryResult.accepted())
            .listener(listener())
            .interceptor(
                (attempt, chain) -> {
                  probe("intercept");
                  return chain.proceed(attempt);
                })
            .build()) {
      itself.set(notifier);
      Receipt plain = send(notifier, "plain", Priority.CRITICAL);
      plain
          .outcome()
          .thenRun(() -> probe("outcome"))
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
      settle(send(notifier, "fault", Priority.CRITICAL));
      settle(send(notifier, "suppress", Priority.CRITICAL));

      Receipt blocking = send(notifier, "block", Priority.CRITICAL);
      assertThat(email.blocked.await(30, TimeUnit.SECONDS)).isTrue();
      Receipt victim = send(notifier, "low", Priority.LOW);
      Receipt waits = send(notifier, "critical", Priority.CRITICAL);
      settle(victim);
      notifier.cancel(waits.id());
      email.release.countDown();
      settle(blocking);
      itself.set(null); // closing is not one of the places
    }

    assertThat(freeAt).doesNotContainValue(false);
    assertThat(freeAt.keySet()).containsAll(PLACES);
  }

  private static Receipt send(Notifier notifier, String text, Priority priority) {
    Recipient recipient = Recipient.named(text).email(text + "@example.com");
    return notifier.send(Notification.to(recipient).text(text).priority(priority).build());
  }

  private static void settle(Receipt receipt) throws InterruptedException {
    assertThat(receipt.await(Duration.ofSeconds(30))).isPresent();
  }
}
