package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.OverflowPolicy;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.StoreException;
import dev.notifier.functional.QuietLog;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.SteppedNotifier;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that does not answer, at every point where the engine asks it. */
@ExtendWith(QuietLog.class)
class StoreTroubleTest {
  private final AtomicReference<Instant> time =
      new AtomicReference<>(Instant.parse("2025-01-01T12:00:00Z"));
  private final InstantSource clock = time::get;
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final Set<String> failing = new HashSet<>();
  private final Set<String> failed = new HashSet<>();
  private boolean refuseToBegin;

  @AfterEach
  void everyFailureThatWasAskedForHappened() {
    assertThat(failing).isEmpty();
    assertThat(failed).isNotEmpty();
  }

  /** Lets the next call of a method fail. */
  private void failOn(String method) {
    failing.add(method);
  }

  private NotificationStore store() {
    NotificationStore memory =
        new InMemoryNotificationStore(
            new HistoryLimits(100, Duration.ofDays(1), Duration.ofDays(1)), clock);
    return (NotificationStore)
        Proxy.newProxyInstance(
            NotificationStore.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              if (failing.remove(method.getName())) {
                failed.add(method.getName());
                throw new StoreException("the database is away", null);
              }
              if (refuseToBegin && method.getName().equals("begin")) {
                return false;
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private SteppedNotifier notifier(OverflowPolicy overflow, int capacity) {
    return Notifier.builder()
        .discovery(false)
        .clock(clock)
        .store(store())
        .defaultPolicy(ChannelPolicy.builder().overflow(overflow).capacity(capacity).build())
        .channel(
            "email",
            attempt -> {
              sent.add(attempt.content().text().orElseThrow());
              return DeliveryResult.accepted();
            })
        .buildStepped();
  }

  private static Notification notification(String text, Priority priority) {
    return Notification.to("email:ada@example.com").text(text).priority(priority).build();
  }

  private static DeliveryStatus status(Notifier notifier, Receipt receipt) {
    return notifier.find(receipt.id()).orElseThrow().status();
  }

  @Test
  void aClaimThatFailsIsMadeAgainASecondLater() {
    SteppedNotifier notifier = notifier(OverflowPolicy.reject(), 10);
    Receipt receipt = notifier.send(notification("hello", Priority.NORMAL));
    failOn("claim");
    notifier.runDue();
    assertThat(sent).isEmpty();

    time.set(time.get().plusSeconds(1));
    notifier.runDue();

    assertThat(sent).containsExactly("hello");
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.SENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"suppression", "settle", "begin"})
  void noAttemptIsMadeTwiceThoughTheStoreFails(String method) {
    SteppedNotifier notifier = notifier(OverflowPolicy.reject(), 10);
    Receipt receipt = notifier.send(notification("hello", Priority.NORMAL));
    failOn(method);
    notifier.runDue();
    assertThat(status(notifier, receipt)).isNotEqualTo(DeliveryStatus.SENT);

    time.set(time.get().plusSeconds(2));
    notifier.runDue();

    assertThat(sent).containsExactly("hello");
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.SENT);
    assertThat(notifier.find(receipt.id()).orElseThrow().deliveries().get(0).attempts()).hasSize(1);
  }

  @Test
  void aSuppressionThatFailsIsMadeAgainWithTheSettlement() {
    SteppedNotifier notifier =
        Notifier.builder()
            .discovery(false)
            .clock(clock)
            .store(store())
            .channel("email", attempt -> DeliveryResult.suppressRecipient("no such user"))
            .buildStepped();
    Receipt receipt = notifier.send(notification("hello", Priority.NORMAL));
    failOn("suppress");
    notifier.runDue();
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.SENDING);

    time.set(time.get().plusSeconds(2));
    notifier.runDue();

    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.FAILED);
    assertThat(notifier.suppressions().find(Address.parse("email:ada@example.com"))).isPresent();
  }

  @Test
  void whatIsNoLongerOursToSendIsNotSent() {
    SteppedNotifier notifier = notifier(OverflowPolicy.reject(), 10);
    Receipt receipt = notifier.send(notification("hello", Priority.NORMAL));
    refuseToBegin = true;
    notifier.runDue();
    assertThat(sent).isEmpty();
    assertThat(status(notifier, receipt)).isEqualTo(DeliveryStatus.QUEUED);

    refuseToBegin = false;
    time.set(time.get().plusSeconds(1));
    notifier.runDue();

    assertThat(sent).containsExactly("hello");
    failed.add("begin");
  }

  @Test
  void whatTheStoreCannotTakeLeavesNothingBehind() {
    SteppedNotifier notifier = notifier(OverflowPolicy.reject(), 1);
    Notification hello = notification("hello", Priority.NORMAL);
    for (int i = 0; i < 3; i++) {
      failOn("insert");
      assertThatThrownBy(() -> notifier.send(hello)).isInstanceOf(StoreException.class);
      failOn("insertAsync");
      assertThat(notifier.sendAsync(hello))
          .failsWithin(Duration.ZERO)
          .withThrowableThat()
          .withCauseInstanceOf(StoreException.class);
    }
    assertThat(notifier.stats().channels().get(ChannelId.of("email")).waiting()).isZero();

    notifier.send(notification("there is room", Priority.NORMAL));
    notifier.runDue();

    assertThat(sent).containsExactly("there is room");
    assertThat(notifier.close(Duration.ZERO).isClean()).isTrue();
  }

  @Test
  void whatTheStoreCannotTakeDropsNobody() {
    SteppedNotifier notifier = notifier(OverflowPolicy.dropLeastImportant(), 1);
    notifier.send(notification("low", Priority.LOW));
    failOn("insert");
    assertThatThrownBy(() -> notifier.send(notification("important", Priority.HIGH)))
        .isInstanceOf(StoreException.class);
    notifier.runDue();

    assertThat(sent).containsExactly("low");
  }

  @Test
  void aVictimThatTheStoreCannotSettleStaysInLine() {
    SteppedNotifier notifier = notifier(OverflowPolicy.dropLeastImportant(), 1);
    Receipt low = notifier.send(notification("low", Priority.LOW));
    failOn("claim");
    notifier.send(notification("important", Priority.HIGH));
    notifier.runDue();

    assertThat(sent).containsExactly("important", "low");
    assertThat(status(notifier, low)).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void aStoreThatDoesNotCloseDoesNotStopTheRest() {
    SteppedNotifier notifier = notifier(OverflowPolicy.reject(), 1);
    failOn("close");

    assertThat(notifier.close(Duration.ZERO).isClean()).isTrue();
    assertThat(notifier.close(Duration.ZERO).isClean()).isTrue();
  }
}
