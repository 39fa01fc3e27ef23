package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies that are plain values: of a channel, its breakers, its limits and its overflow. */
class PoliciesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HUGE = Duration.ofSeconds(Long.MAX_VALUE);

  // --- The defaults of a channel ----------------------------------------------------------------

  static Stream<Arguments> defaultRetries() {
    return Stream.of(
        arguments(Priority.CRITICAL, List.of(1, 5, 15, 60, 300)),
        arguments(Priority.HIGH, List.of(5, 30, 120)),
        arguments(Priority.NORMAL, List.of(10, 60)),
        arguments(Priority.LOW, List.of()));
  }

  @ParameterizedTest
  @MethodSource("defaultRetries")
  void retriesDependOnThePriority(Priority priority, List<Integer> seconds) {
    RetryPolicy retry = ChannelPolicy.defaults().retry(priority);
    assertThat(retry.delays())
        .isEqualTo(seconds.stream().map(each -> Duration.ofSeconds(each)).toList());
    assertThat(retry.jitter()).isEqualTo(0.2);
  }

  @Test
  void theOtherDefaultsAreThoseOfTheJavadoc() {
    ChannelPolicy policy = ChannelPolicy.defaults();
    assertThat(policy.concurrency()).isEqualTo(8);
    assertThat(policy.capacity()).isEqualTo(100_000);
    assertThat(policy.overflow()).isEqualTo(OverflowPolicy.block(Duration.ofSeconds(30)));
    assertThat(policy.breaker())
        .contains(CircuitBreakerPolicy.consecutive(20, Duration.ofSeconds(30)));
    assertThat(policy.recipientBreaker())
        .contains(CircuitBreakerPolicy.consecutive(10, Duration.ofMinutes(1)));
    assertThat(policy.rateLimit()).isEmpty();
    assertThat(policy.recipientRateLimit()).isEmpty();
    assertThat(policy.configurationFaultPause()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void everyPartCanBeSetAndOutlivesToBuilder() {
    ChannelPolicy policy =
        ChannelPolicy.builder()
            .concurrency(2)
            .capacity(3)
            .overflow(OverflowPolicy.reject())
            .breaker(CircuitBreakerPolicy.outOf(2, 5, SECOND))
            .recipientBreaker(CircuitBreakerPolicy.consecutive(1, SECOND))
            .rateLimit(RateLimit.perSecond(7))
            .recipientRateLimit(RateLimit.perMinute(1))
            .configurationFaultPause(Duration.ofMillis(1))
            .retry(Priority.LOW, RetryPolicy.seconds(9))
            .jitter(0)
            .build()
            .toBuilder()
            .build();
    assertThat(policy.concurrency()).isEqualTo(2);
    assertThat(policy.capacity()).isEqualTo(3);
    assertThat(policy.overflow()).isEqualTo(OverflowPolicy.reject());
    assertThat(policy.breaker()).contains(new CircuitBreakerPolicy(2, 5, SECOND));
    assertThat(policy.recipientBreaker()).contains(new CircuitBreakerPolicy(1, 1, SECOND));
    assertThat(policy.rateLimit()).contains(new RateLimit(7, SECOND));
    assertThat(policy.recipientRateLimit()).contains(new RateLimit(1, Duration.ofMinutes(1)));
    assertThat(policy.configurationFaultPause()).isEqualTo(Duration.ofMillis(1));
    assertThat(policy.retry(Priority.LOW).delays()).containsExactly(Duration.ofSeconds(9));
    assertThat(policy.retry(Priority.LOW).jitter()).isZero();
    assertThat(policy.retry(Priority.HIGH).delays()).hasSize(3);
    assertThat(policy.retry(Priority.HIGH).jitter()).isZero();
  }

  @Test
  void oneRetryPolicyCanStandForEveryPriority() {
    ChannelPolicy policy = ChannelPolicy.builder().retry(RetryPolicy.seconds(4)).build();
    for (Priority priority : Priority.values()) {
      assertThat(policy.retry(priority).delays()).containsExactly(Duration.ofSeconds(4));
    }
  }

  @Test
  void breakersCanBeRemovedForGood() {
    ChannelPolicy policy = ChannelPolicy.builder().withoutBreakers().build().toBuilder().build();
    assertThat(policy.breaker()).isEmpty();
    assertThat(policy.recipientBreaker()).isEmpty();
  }

  @Test
  void aBuilderThatGoesOnDoesNotChangeWhatItBuilt() {
    ChannelPolicy.Builder builder = ChannelPolicy.builder();
    ChannelPolicy built = builder.build();
    builder.retry(RetryPolicy.none()).concurrency(1);
    assertThat(built.retry(Priority.HIGH).delays()).hasSize(3);
    assertThat(built.concurrency()).isEqualTo(8);
  }

  // --- Overflow ---------------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(OverflowPolicy.Action.class)
  void onlyBlockingWaits(OverflowPolicy.Action action) {
    assertThat(new OverflowPolicy(action, Duration.ZERO).timeout()).isZero();
    if (action != OverflowPolicy.Action.BLOCK) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new OverflowPolicy(action, SECOND))
          .withMessage(action + " does not wait: its timeout must be zero, but was PT1S");
    }
  }

  @Test
  void eachOverflowActionHasItsName() {
    assertThat(OverflowPolicy.block(DAY))
        .isEqualTo(new OverflowPolicy(OverflowPolicy.Action.BLOCK, DAY));
    assertThat(OverflowPolicy.reject().action()).isEqualTo(OverflowPolicy.Action.REJECT);
    assertThat(OverflowPolicy.dropLeastImportant().action())
        .isEqualTo(OverflowPolicy.Action.DROP_LEAST_IMPORTANT);
  }

  // --- Bounds -----------------------------------------------------------------------------------

  static Stream<Arguments> outOfBounds() {
    return Stream.of(
        refused(() -> RateLimit.perSecond(0), "permits must be 1 or more, but was 0"),
        refused(() -> RateLimit.perMinute(-1), "permits must be 1 or more, but was -1"),
        refused(
            () -> new RateLimit(1, Duration.ZERO), "period must be from 1 ms to 1 day, but was"),
        refused(() -> new RateLimit(1, Duration.ofNanos(999_999)), "period must be from 1 ms"),
        refused(() -> new RateLimit(1, DAY.plusNanos(1)), "period must be from 1 ms to 1 day"),
        refused(() -> new RateLimit(1, HUGE), "period must be from 1 ms to 1 day"),
        refused(() -> new RateLimit(1, HUGE.negated()), "period must be from 1 ms to 1 day"),
        refused(() -> CircuitBreakerPolicy.consecutive(0, DAY), "failures must be from 1 to 10000"),
        refused(
            () -> CircuitBreakerPolicy.consecutive(10_001, DAY),
            "failures must be from 1 to 10000, but was 10001"),
        refused(
            () -> CircuitBreakerPolicy.outOf(3, 2, DAY),
            "window must be from the number of failures, 3, to 10000, but was 2"),
        refused(() -> CircuitBreakerPolicy.outOf(3, 10_001, DAY), "window must be from"),
        refused(() -> CircuitBreakerPolicy.consecutive(1, Duration.ZERO), "openFor must be from"),
        refused(() -> CircuitBreakerPolicy.consecutive(1, DAY.plusMillis(1)), "openFor must be"),
        refused(() -> CircuitBreakerPolicy.consecutive(1, HUGE), "openFor must be from 1 ms"),
        refused(() -> OverflowPolicy.block(SECOND.negated()), "overflow timeout must be from zero"),
        refused(() -> OverflowPolicy.block(HUGE), "overflow timeout must be from zero to 1 day"),
        refused(() -> policy().concurrency(0), "concurrency must be from 1 to 1000, but was 0"),
        refused(() -> policy().concurrency(1001), "concurrency must be from 1 to 1000"),
        refused(() -> policy().capacity(0), "capacity must be from 1 to 10000000, but was 0"),
        refused(() -> policy().capacity(10_000_001), "capacity must be from 1 to 10000000"),
        refused(() -> policy().jitter(Double.NaN), "jitter must be from 0 to 1, but was NaN"),
        refused(() -> policy().configurationFaultPause(Duration.ZERO), "configurationFaultPause"),
        refused(() -> policy().configurationFaultPause(HUGE), "must be from 1 ms to 1 day"));
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void whatIsOutOfBoundsIsRefusedWithTheRule(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
  }

  @Test
  void whatIsAtTheBoundIsAccepted() {
    assertThat(new RateLimit(Integer.MAX_VALUE, DAY).permits()).isEqualTo(Integer.MAX_VALUE);
    assertThat(new RateLimit(1, Duration.ofMillis(1)).period()).isEqualTo(Duration.ofMillis(1));
    assertThat(CircuitBreakerPolicy.consecutive(10_000, DAY).window()).isEqualTo(10_000);
    assertThat(policy().concurrency(1000).capacity(10_000_000).build().capacity())
        .isEqualTo(10_000_000);
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        refused(() -> new RateLimit(1, null), "period"),
        refused(() -> CircuitBreakerPolicy.consecutive(1, null), "openFor"),
        refused(() -> OverflowPolicy.block(null), "timeout"),
        refused(() -> new OverflowPolicy(null, Duration.ZERO), "action"),
        refused(() -> policy().overflow(null), "policy"),
        refused(() -> policy().retry(null), "policy"),
        refused(() -> policy().retry(null, RetryPolicy.none()), "priority"),
        refused(() -> policy().breaker(null), "policy"),
        refused(() -> policy().recipientBreaker(null), "policy"),
        refused(() -> policy().rateLimit(null), "limit"),
        refused(() -> policy().recipientRateLimit(null), "limit"),
        refused(() -> policy().configurationFaultPause(null), "pause"));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void nullIsRefusedByName(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  private static ChannelPolicy.Builder policy() {
    return ChannelPolicy.builder();
  }

  private static Arguments refused(ThrowingCallable call, String message) {
    return arguments(call, message);
  }
}
