package dev.notifier.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.ChannelPolicy;
import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.RateLimit;
import dev.notifier.Samples;
import dev.notifier.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The limiters read a clock of their own: periods are long, so that none ends meanwhile. */
class RateLimitGateTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger proceeded = new AtomicInteger();

  private RateLimitGate gate(ChannelPolicy.Builder policy) {
    return new RateLimitGate(policy.build(), clock);
  }

  private DeliveryResult pass(RateLimitGate gate, String address) {
    return gate.pass(
        Samples.attempt(address),
        attempt -> {
          proceeded.incrementAndGet();
          return DeliveryResult.accepted();
        });
  }

  @Test
  void withoutLimitsEverythingPasses() {
    RateLimitGate gate = gate(ChannelPolicy.builder());
    for (int i = 0; i < 1000; i++) {
      assertThat(pass(gate, "ada@example.com")).isEqualTo(DeliveryResult.accepted());
    }
  }

  @Test
  void whatExceedsTheChannelsLimitIsPutOffByOneInterval() {
    RateLimitGate gate = gate(ChannelPolicy.builder().rateLimit(new RateLimit(3, HOUR)));
    for (int i = 0; i < 3; i++) {
      assertThat(pass(gate, "a" + i + "@example.com")).isEqualTo(DeliveryResult.accepted());
    }
    assertThat(pass(gate, "b@example.com"))
        .isEqualTo(
            new Deferred(
                Samples.NOON.plus(Duration.ofMinutes(20)),
                Obstacle.CHANNEL_LIMIT,
                "the channel's rate limit of 3 in PT1H is used up"));
    assertThat(proceeded).hasValue(3);
  }

  @Test
  void eachRecipientHasALimitOfItsOwn() {
    RateLimitGate gate = gate(ChannelPolicy.builder().recipientRateLimit(new RateLimit(1, HOUR)));
    assertThat(pass(gate, "ada@example.com")).isEqualTo(DeliveryResult.accepted());
    assertThat(pass(gate, "ada@example.com"))
        .isEqualTo(
            new Deferred(
                Samples.NOON.plus(HOUR),
                Obstacle.RECIPIENT_LIMIT,
                "the recipient's rate limit of 1 in PT1H is used up"));
    assertThat(pass(gate, "grace@example.com")).isEqualTo(DeliveryResult.accepted());
  }

  @Test
  void aRecipientThatHasHadEnoughUsesUpNoPermitOfTheChannel() {
    RateLimitGate gate =
        gate(
            ChannelPolicy.builder()
                .recipientRateLimit(new RateLimit(1, HOUR))
                .rateLimit(new RateLimit(2, HOUR)));
    pass(gate, "ada@example.com");
    for (int i = 0; i < 10; i++) {
      assertThat(pass(gate, "ada@example.com"))
          .isInstanceOfSatisfying(
              Deferred.class,
              deferred -> assertThat(deferred.obstacle()).isEqualTo(Obstacle.RECIPIENT_LIMIT));
    }
    assertThat(pass(gate, "grace@example.com")).isEqualTo(DeliveryResult.accepted());
  }

  @Test
  void theWaitIsAtLeastAMillisecond() {
    RateLimitGate gate =
        gate(ChannelPolicy.builder().rateLimit(new RateLimit(5, Duration.ofMillis(4))));
    DeliveryResult result = pass(gate, "ada@example.com");
    while (!(result instanceof Deferred)) { // a slow machine may need more than one period
      result = pass(gate, "ada@example.com");
    }
    assertThat(((Deferred) result).until()).isEqualTo(Samples.NOON.plusMillis(1));
  }

  @Test
  void permitsComeBack() {
    RateLimitGate gate =
        gate(ChannelPolicy.builder().rateLimit(new RateLimit(1, Duration.ofMillis(20))));
    assertThat(pass(gate, "ada@example.com")).isEqualTo(DeliveryResult.accepted());
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (pass(gate, "ada@example.com") instanceof Deferred && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(proceeded).hasValue(2);
  }

  @Test
  void theAttemptGoesOnAsItIs() {
    DeliveryAttempt attempt = Samples.attempt();
    gate(ChannelPolicy.builder().rateLimit(RateLimit.perMinute(1)))
        .pass(
            attempt,
            passed -> {
              assertThat(passed).isSameAs(attempt);
              proceeded.incrementAndGet();
              return DeliveryResult.accepted();
            });
    assertThat(proceeded).hasValue(1);
  }
}
