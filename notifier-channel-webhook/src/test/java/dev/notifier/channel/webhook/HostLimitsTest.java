package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.channel.webhook.HostLimits.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HostLimitsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration QUICK = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofSeconds(10);

  private Instant now = NOW;
  private final HostLimits limits = new HostLimits(2, () -> now);

  @Test
  void oneHostHasSoManyPermitsAndAnotherItsOwn() throws InterruptedException {
    Host slow = limits.host("slow.example");
    assertThat(slow.enter()).isTrue();
    assertThat(slow.enter()).isTrue();
    assertThat(slow.enter()).isFalse();
    assertThat(limits.host("slow.example").enter()).isFalse();
    assertThat(limits.host("other.example").enter()).isTrue();

    slow.leave(SLOW);
    assertThat(slow.enter()).isTrue();
  }

  @Test
  void aQuickHostIsWaitedFor() throws Exception {
    Host host = limits.host("quick.example");
    host.enter();
    host.enter();
    CompletableFuture<Boolean> third = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                third.complete(host.enter());
              } catch (InterruptedException e) {
                third.completeExceptionally(e);
              }
            });
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING && !third.isDone()) {
      Thread.onSpinWait();
    }

    host.leave(QUICK);

    assertThat(third.get(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aSlowHostIsNotWaitedForAndItsDeliveriesAreSpread() throws InterruptedException {
    Host host = limits.host("slow.example");
    for (int i = 0; i < 20; i++) {
      host.enter();
      host.leave(SLOW);
    }
    host.enter();
    host.enter();

    long start = System.nanoTime();
    assertThat(host.enter()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(150));

    List<Instant> turns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      turns.add(host.nextTurn());
    }
    assertThat(turns).isSorted();
    assertThat(turns.get(0)).isAfter(NOW.plusSeconds(4)); // 10 s ÷ 2 calls, about
    assertThat(turns.get(1)).isAfter(turns.get(0).plusSeconds(4));
    for (int i = 0; i < 100; i++) {
      assertThat(host.nextTurn()).isBetween(NOW.plusSeconds(15), NOW.plusSeconds(30));
    }
  }

  @Test
  void aHostThatIsSilentIsSlowThoughNoCallHasEnded() throws InterruptedException {
    Host host = limits.host("silent.example");
    host.enter();
    host.enter();
    now = NOW.plusSeconds(8);

    long start = System.nanoTime();
    assertThat(host.enter()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(150));
    assertThat(host.nextTurn()).isEqualTo(now.plusSeconds(4));
  }

  @Test
  void onlyAFewWorkersWaitForAHost() throws Exception {
    Host host = limits.host("busy.example");
    host.enter();
    host.enter();
    List<Thread> waiting = List.of(waiting(host), waiting(host));

    assertThat(host.enter()).isFalse(); // at once: both places to wait are taken

    for (Thread thread : waiting) {
      thread.interrupt();
      thread.join(10_000);
    }
  }

  private static Thread waiting(Host host) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!host.enter()) {
                  Thread.onSpinWait();
                }
              } catch (InterruptedException e) {
                // the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void aHostThatMendsItsWaysIsQuickAgain() throws InterruptedException {
    Host host = limits.host("slow.example");
    host.enter();
    host.leave(SLOW);
    for (int i = 0; i < 40; i++) {
      host.enter();
      host.leave(QUICK);
    }

    assertThat(host.nextTurn()).isEqualTo(NOW.plusMillis(50));
    assertThat(host.nextTurn()).isEqualTo(NOW.plusMillis(51));
  }
}
