package dev.notifier.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notifier.Address;
import dev.notifier.ChannelId;
import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryStatus;
import dev.notifier.Notification;
import dev.notifier.Priority;
import dev.notifier.Receipt;
import dev.notifier.RetryPolicy;
import dev.notifier.Schedule;
import dev.notifier.spi.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ManualNotifierTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final RecordingChannel recording = new RecordingChannel();

  private static Notification page() {
    return page(Priority.NORMAL);
  }

  private static Notification page(Priority priority) {
    return Notification.to("pager:4711").text("Water!").priority(priority).build();
  }

  private static ManualNotifier with(Channel channel) {
    return ManualNotifier.create(builder -> builder.channel("pager", channel));
  }

  private static List<Duration> sinceStart(List<Instant> instants) {
    return instants.stream().map(at -> Duration.between(SettableClock.START, at)).toList();
  }

  /** A channel that fails for now and notes when. */
  private static Channel failing(SettableClock clock, List<Instant> times) {
    return attempt -> {
      times.add(clock.instant());
      return DeliveryResult.transientFailure("busy");
    };
  }

  @Test
  void schedulesRunWhenTheirTimeComes() {
    ManualNotifier notifier = with(recording);
    notifier.schedules().create(Schedule.cron("0 9 * * *", "UTC").named("daily").sending(page()));

    notifier.tick(DAY.multipliedBy(3));

    assertThat(recording.attempts()).hasSize(3);
    assertThat(notifier.nextDue()).contains(Instant.parse("2025-01-05T09:00:00Z"));
    notifier.schedules().delete("daily");
    notifier.runUntilSettled(DAY);
  }

  @Test
  void nothingIsDeliveredUntilItIsTold() {
    ManualNotifier notifier = with(recording);

    Receipt receipt = notifier.send(page());

    assertThat(recording.attempts()).isEmpty();
    assertThat(notifier.nextDue()).isPresent();
    assertThat(notifier.runDue()).isEqualTo(1);
    assertThat(recording.attempts()).hasSize(1);
    assertThat(notifier.nextDue()).isEmpty();
    assertThat(notifier.find(receipt.id()).orElseThrow().status()).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void everyRetryIsMadeExactlyWhenItIsDueInOneTick() {
    SettableClock clock = new SettableClock();
    List<Instant> times = new ArrayList<>();
    ManualNotifier notifier =
        ManualNotifier.create(clock, builder -> builder.channel("pager", failing(clock, times)));
    notifier.send(page(Priority.CRITICAL));

    int worked = notifier.tick(DAY);

    assertThat(worked).isEqualTo(6);
    assertThat(sinceStart(times))
        .extracting(Duration::toSeconds)
        .containsExactly(0L, 1L, 6L, 21L, 81L, 381L);
    assertThat(clock.instant()).isEqualTo(SettableClock.START.plus(DAY));
  }

  @Test
  void retryIsNotMadeBeforeItsTime() {
    ScriptedChannel channel =
        new ScriptedChannel()
            .then(DeliveryResult.transientFailure("busy"))
            .thenAlways(DeliveryResult.accepted());
    ManualNotifier notifier = with(channel);
    notifier.send(page());

    assertThat(notifier.tick(Duration.ofMillis(9_999))).isEqualTo(1);
    assertThat(notifier.tick(Duration.ofMillis(1))).isEqualTo(1);

    assertThat(channel.attempts()).hasSize(2);
  }

  @Test
  void runsUntilSettledAndNoLonger() {
    SettableClock clock = new SettableClock();
    List<Instant> times = new ArrayList<>();
    ManualNotifier notifier =
        ManualNotifier.create(clock, builder -> builder.channel("pager", failing(clock, times)));
    notifier.send(page());

    assertThat(notifier.runUntilSettled(DAY)).isEqualTo(3);

    assertThat(clock.instant()).isEqualTo(SettableClock.START.plusSeconds(70));
    assertThat(notifier.deadLetters().newest(10)).hasSize(1);
  }

  @Test
  void saysWhatStillWaits() {
    ManualNotifier notifier =
        with(new ScriptedChannel().thenAlways(DeliveryResult.transientFailure("busy")));
    notifier.send(page());

    assertThatThrownBy(() -> notifier.runUntilSettled(Duration.ofSeconds(60)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("PT1M")
        .hasMessageContaining("2025-01-01T12:01:10Z");
  }

  @Test
  void givesUpOnChannelThatDefersForEver() {
    SettableClock clock = new SettableClock();
    Channel deferring =
        attempt ->
            DeliveryResult.deferred(
                clock.instant().plusMillis(1), DeliveryResult.Obstacle.RECIPIENT_LIMIT, "not now");
    ManualNotifier notifier =
        ManualNotifier.create(clock, builder -> builder.channel("pager", deferring));
    notifier.send(page());

    assertThatThrownBy(() -> notifier.tick(DAY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("100000 stops");
  }

  @Test
  void policyOfTheApplicationWins() {
    SettableClock clock = new SettableClock();
    List<Instant> times = new ArrayList<>();
    ManualNotifier notifier =
        ManualNotifier.create(
            clock,
            builder ->
                builder
                    .channel("pager", failing(clock, times))
                    .policy(
                        "pager",
                        ChannelPolicy.builder().retry(RetryPolicy.seconds(3)).jitter(0).build()));
    notifier.send(page());

    notifier.runUntilSettled(DAY);

    assertThat(sinceStart(times)).containsExactly(Duration.ZERO, Duration.ofSeconds(3));
  }

  @Test
  void channelThatMovesTheClockItselfIsFine() {
    SettableClock clock = new SettableClock();
    Channel slow =
        attempt -> {
          clock.advance(Duration.ofHours(1));
          return DeliveryResult.accepted();
        };
    ManualNotifier notifier =
        ManualNotifier.create(clock, builder -> builder.channel("pager", slow));
    Receipt receipt = notifier.send(page());

    notifier.tick(Duration.ofSeconds(1));

    assertThat(clock.instant()).isEqualTo(SettableClock.START.plus(Duration.ofHours(1)));
    assertThat(notifier.find(receipt.id()).orElseThrow().deliveries().get(0).attempts())
        .singleElement()
        .satisfies(attempt -> assertThat(attempt.latency()).isEqualTo(Duration.ofHours(1)));
  }

  @Test
  void negativeTimeIsRefused() {
    ManualNotifier notifier = with(recording);

    assertThatThrownBy(() -> notifier.tick(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
    assertThatThrownBy(() -> notifier.runUntilSettled(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
  }

  @Test
  void isNotifierInEveryOtherRespect() throws Exception {
    ManualNotifier notifier = with(recording);
    Receipt first = notifier.sendAsync(page()).toCompletableFuture().get(10, TimeUnit.SECONDS);
    assertThat(notifier.cancel(first.id())).isTrue();
    notifier.suppressions().add(Address.parse("pager:4711"), "on holiday");
    Receipt second = notifier.send(page());

    notifier.tick(Duration.ZERO);

    assertThat(first.await(Duration.ZERO).orElseThrow().status())
        .isEqualTo(DeliveryStatus.CANCELLED);
    assertThat(second.await(Duration.ZERO).orElseThrow().status())
        .isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(notifier.stats().channels()).containsKey(ChannelId.of("pager"));
    assertThat(notifier.health().channels()).containsKey(ChannelId.of("pager"));
    assertThat(notifier.clock().instant()).isEqualTo(SettableClock.START);
    assertThat(notifier.close(Duration.ZERO).isClean()).isTrue();
    assertThat(recording.isClosed()).isTrue();
  }
}
