package dev.notifier.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.ConfigurationException;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.HostTransaction;
import dev.notifier.Notification;
import dev.notifier.Notifier;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.Recipient;
import dev.notifier.internal.store.HistoryLimits;
import dev.notifier.internal.store.InMemoryNotificationStore;
import dev.notifier.spi.DeliveryFeed;
import dev.notifier.spi.NotificationStore;
import dev.notifier.spi.SteppedNotifier;
import dev.notifier.spi.Submission;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The engine with a store that keeps what has no room, as a durable one does. */
class StoreThatBringsTest {
  private static final Instant NOW = Instant.parse("2025-01-01T12:00:00Z");

  private final InstantSource clock = () -> NOW;
  private final List<String> sent = new ArrayList<>();
  private final List<Submission> kept = new ArrayList<>();
  private final AtomicReference<@Nullable DeliveryFeed> feed = new AtomicReference<>();

  private final SteppedNotifier notifier =
      Notifier.builder()
          .discovery(false)
          .clock(clock)
          .store(store())
          .defaultPolicy(ChannelPolicy.builder().capacity(2).build())
          .channel(
              "email",
              attempt -> {
                sent.add(attempt.content().text().orElseThrow());
                return DeliveryResult.accepted();
              })
          .buildStepped();

  /** A store in memory that has a horizon, and whose feed and surplus the test plays with. */
  private NotificationStore store() {
    NotificationStore memory =
        new InMemoryNotificationStore(
            new HistoryLimits(100, Duration.ofDays(1), Duration.ofDays(1)), clock);
    return (NotificationStore)
        Proxy.newProxyInstance(
            NotificationStore.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              String name = method.getName();
              if (name.equals("horizon")) {
                return Optional.of(Duration.ofMinutes(1));
              }
              if (name.equals("start")) {
                feed.set((DeliveryFeed) arguments[0]);
                return null;
              }
              if (name.equals("insert") && !((Submission) arguments[0]).hasRoom()) {
                kept.add((Submission) arguments[0]);
              }
              try {
                return method.invoke(memory, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private DeliveryFeed feed() {
    return Objects.requireNonNull(feed.get());
  }

  private Receipt send(String text, Priority priority) {
    return notifier.send(
        Notification.to("email:ada@example.com").text(text).priority(priority).build());
  }

  @Test
  void surplusStaysInTheStoreAndIsSentWhenItIsBrought() {
    send("1", Priority.NORMAL);
    send("2", Priority.NORMAL);
    Receipt third = send("3", Priority.NORMAL);
    assertThat(kept).extracting(Submission::id).containsExactly(third.id());
    notifier.runDue();
    assertThat(sent).containsExactly("1", "2");

    feed().bring(kept.get(0).deliveries().get(0));
    notifier.runDue();

    assertThat(sent).containsExactly("1", "2", "3");
  }

  @Test
  void aCriticalOneIsNeverSurplus() {
    send("1", Priority.NORMAL);
    send("2", Priority.NORMAL);
    send("critical", Priority.CRITICAL);
    assertThat(kept).isEmpty();

    notifier.runDue();

    assertThat(sent).containsExactly("critical", "1", "2");
  }

  @Test
  void aFanOutHasRoomInAllItsLanesOrInNone() {
    SteppedNotifier both =
        Notifier.builder()
            .discovery(false)
            .clock(clock)
            .store(store())
            .defaultPolicy(ChannelPolicy.builder().capacity(1).build())
            .channel("alpha", attempt -> DeliveryResult.accepted())
            .channel("beta", attempt -> DeliveryResult.accepted())
            .buildStepped();
    both.send(Notification.to("beta:1").text("takes the room in beta").build());

    Notification.Builder fanOut =
        Notification.to(Recipient.named("ada").address("alpha", "1").address("beta", "1"));
    both.send(fanOut.viaAll("alpha", "beta").text("x").build());

    assertThat(kept).hasSize(1);
    assertThat(feed().room(ChannelId.of("alpha"))).isEqualTo(1);
    assertThat(feed().room(ChannelId.of("beta"))).isZero();
  }

  @Test
  void theFeedKnowsTheLanesAndTheirRoom() {
    send("1", Priority.NORMAL);

    assertThat(feed().channels()).containsExactly(ChannelId.of("email"));
    assertThat(feed().room(ChannelId.of("email"))).isEqualTo(1);
    assertThat(feed().room(ChannelId.of("sms"))).isZero();
  }

  @Test
  void whatAnotherProcessSettledIsToldToWhomeverWaits() {
    Receipt receipt = send("1", Priority.NORMAL);
    var outcome = receipt.outcome().toCompletableFuture();
    assertThat(feed().awaited()).containsExactly(receipt.id());
    notifier.runDue();

    feed().settledElsewhere(receipt.id());

    assertThat(outcome.join().status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(feed().awaited()).isEmpty();
  }

  @Test
  void aStoreWithoutTransactionsSaysSo() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                notifier.send(
                    Notification.to("email:ada@example.com").text("x").build(),
                    new HostTransaction() {}))
        .withMessageContaining("JdbcTransaction");
  }

  @Test
  void closingDoesNotWaitForWhatTheStoreKeeps() {
    send("1", Priority.NORMAL);

    assertThat(notifier.close(Duration.ofHours(1)).isClean()).isTrue();
    assertThat(sent).containsExactly("1");
  }
}
