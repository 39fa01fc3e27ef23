package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RetryPolicyTest {
  private static final Duration NOTHING_ASKED = Duration.ZERO;

  @Test
  void noneNeverRetries() {
    assertThat(RetryPolicy.none().delays()).isEmpty();
    assertThat(RetryPolicy.none().delayAfter(1, Duration.ofHours(1), 0.5)).isEmpty();
  }

  @Test
  void eachFailedAttemptTakesTheNextDelayUntilNoneIsLeft() {
    RetryPolicy policy = RetryPolicy.seconds(5, 30, 120);
    assertThat(policy.delayAfter(1, NOTHING_ASKED, 0.5)).contains(Duration.ofSeconds(5));
    assertThat(policy.delayAfter(2, NOTHING_ASKED, 0.5)).contains(Duration.ofSeconds(30));
    assertThat(policy.delayAfter(3, NOTHING_ASKED, 0.5)).contains(Duration.ofMinutes(2));
    assertThat(policy.delayAfter(4, NOTHING_ASKED, 0.5)).isEmpty();
    assertThat(policy.delayAfter(Integer.MAX_VALUE, NOTHING_ASKED, 0.5)).isEmpty();
  }

  static Stream<Arguments> exponentials() {
    return Stream.of(
        arguments(RetryPolicy.exponential(seconds(1), 2, seconds(60)), inSeconds(1, 2, 4, 8, 16)),
        arguments(RetryPolicy.exponential(seconds(1), 2, seconds(5)), inSeconds(1, 2, 4, 5, 5)),
        arguments(RetryPolicy.exponential(seconds(3), 1, seconds(3)), inSeconds(3, 3, 3, 3, 3)),
        arguments(
            RetryPolicy.exponential(seconds(1), 10, Duration.ofHours(1), 3), inSeconds(1, 10, 100)),
        arguments(RetryPolicy.exponential(seconds(1), 2, seconds(9), 0), List.of()));
  }

  @ParameterizedTest
  @MethodSource("exponentials")
  void exponentialDelaysGrowByTheFactorUpToTheMaximum(RetryPolicy policy, List<Duration> delays) {
    assertThat(policy.delays()).isEqualTo(delays);
  }

  @Test
  void aHundredDelaysOfTheGreatestFactorStayAtTheMaximum() {
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofMillis(1), 1000, Duration.ofDays(30), 100);
    assertThat(policy.delays()).hasSize(100).last().isEqualTo(Duration.ofDays(30));
  }

  @ParameterizedTest
  @CsvSource({
    "0.2, 0, PT8S",
    "0.2, 0.5, PT10S",
    "0.2, 0.75, PT11S",
    "0.2, 1, PT12S",
    "0, 0, PT10S",
    "0, 1, PT10S",
    "1, 0, PT0S",
    "1, 1, PT20S",
  })
  void jitterSpreadsADelayOverItsFraction(double jitter, double random, Duration delay) {
    RetryPolicy policy = RetryPolicy.seconds(10).withJitter(jitter);
    assertThat(policy.delayAfter(1, NOTHING_ASKED, random)).contains(delay);
  }

  @Test
  void jitterIsTwentyPercentUnlessSet() {
    assertThat(RetryPolicy.none().jitter()).isEqualTo(0.2);
    assertThat(RetryPolicy.seconds(1).jitter()).isEqualTo(0.2);
    assertThat(RetryPolicy.exponential(seconds(1), 2, seconds(4)).jitter()).isEqualTo(0.2);
  }

  @ParameterizedTest
  @CsvSource({
    // asked, random, waited: the policy says 10 s ± 2 s
    "PT0S, 0.5, PT10S",
    "PT9S, 0, PT9S",
    "PT9S, 0.5, PT10S",
    "PT11S, 0, PT11S",
    "PT11S, 1, PT12S",
    "PT59M, 1, PT59M",
    "PT1H, 1, PT1H",
    "PT1H0.001S, 1, PT1H",
    "PT24000H, 1, PT1H",
    "PT-5S, 0.5, PT10S",
  })
  void retryAfterIsALowerBoundOfAtMostAnHour(Duration asked, double random, Duration waited) {
    assertThat(RetryPolicy.seconds(10).delayAfter(1, asked, random)).contains(waited);
  }

  @Test
  void theCapOfRetryAfterCanBeSet() {
    RetryPolicy policy = RetryPolicy.seconds(10).withJitter(0);
    assertThat(policy.withRetryAfterCap(Duration.ofDays(30)).delayAfter(1, Duration.ofDays(9), 0))
        .contains(Duration.ofDays(9));
    assertThat(policy.withRetryAfterCap(Duration.ZERO).delayAfter(1, Duration.ofDays(9), 0))
        .contains(seconds(10));
    assertThat(
            policy
                .withRetryAfterCap(seconds(20))
                .withJitter(0)
                .delayAfter(1, Duration.ofSeconds(Long.MAX_VALUE), 0))
        .as("the cap outlives another jitter")
        .contains(seconds(20));
  }

  @Test
  void theDelaysAreCopied() {
    Duration[] delays = {seconds(1)};
    RetryPolicy policy = RetryPolicy.delays(delays);
    delays[0] = seconds(9);
    assertThat(policy.delays()).containsExactly(seconds(1)).isUnmodifiable();
    assertThat(policy).hasToString("RetryPolicy[delays=[PT1S], jitter=0.2]");
  }

  static Stream<Arguments> outOfBounds() {
    Duration second = seconds(1);
    Duration month = Duration.ofDays(30);
    return Stream.of(
        refused(() -> RetryPolicy.seconds(-1), "delay must be from zero to 30 days, but was PT-1S"),
        refused(() -> RetryPolicy.seconds(Long.MAX_VALUE), "delay must be from zero to 30 days"),
        refused(() -> RetryPolicy.seconds(Long.MIN_VALUE), "delay must be from zero to 30 days"),
        refused(() -> RetryPolicy.delays(month.plusNanos(1)), "delay must be from zero to 30 days"),
        refused(() -> RetryPolicy.seconds(new long[101]), "retries must be from 0 to 100, but was"),
        refused(() -> RetryPolicy.exponential(second, 2, second, 101), "retries must be from 0"),
        refused(() -> RetryPolicy.exponential(second, 2, second, -1), "retries must be from 0"),
        refused(() -> RetryPolicy.exponential(Duration.ZERO, 2, second), "base must be from 1 ms"),
        refused(
            () -> RetryPolicy.exponential(Duration.ofNanos(999_999), 2, second), "base must be"),
        refused(() -> RetryPolicy.exponential(second, 2, Duration.ZERO), "base must be from 1 ms"),
        refused(() -> RetryPolicy.exponential(second.negated(), 2, second), "base must be from"),
        refused(() -> RetryPolicy.exponential(second, 2, month.plusDays(1)), "max must be from"),
        refused(() -> RetryPolicy.exponential(second, 0.99, second), "factor must be from 1"),
        refused(() -> RetryPolicy.exponential(second, 1000.1, second), "factor must be from 1"),
        refused(() -> RetryPolicy.exponential(second, Double.NaN, second), "but was NaN"),
        refused(() -> RetryPolicy.none().withJitter(-0.01), "jitter must be from 0 to 1, but was"),
        refused(() -> RetryPolicy.none().withJitter(1.01), "jitter must be from 0 to 1, but was"),
        refused(() -> RetryPolicy.none().withJitter(Double.NaN), "jitter must be from 0 to 1"),
        refused(() -> RetryPolicy.none().withRetryAfterCap(second.negated()), "Retry-After cap"),
        refused(() -> RetryPolicy.none().withRetryAfterCap(month.plusDays(1)), "Retry-After cap"),
        refused(
            () -> RetryPolicy.none().delayAfter(0, NOTHING_ASKED, 0.5),
            "failed attempt must be 1 or more, but was 0"));
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void whatIsOutOfBoundsIsRefusedWithTheRule(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        refused(() -> RetryPolicy.delays((Duration[]) null), "delays"),
        refused(() -> RetryPolicy.delays((Duration) null), "delay"),
        refused(() -> RetryPolicy.seconds(null), "seconds"),
        refused(() -> RetryPolicy.exponential(null, 2, seconds(1)), "base"),
        refused(() -> RetryPolicy.exponential(seconds(1), 2, null), "max"),
        refused(() -> RetryPolicy.none().withRetryAfterCap(null), "Retry-After cap"),
        refused(() -> RetryPolicy.none().delayAfter(1, null, 0.5), "retryAfter"));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void nullIsRefusedByName(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  private static Arguments refused(ThrowingCallable call, String message) {
    return arguments(call, message);
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  private static List<Duration> inSeconds(long... seconds) {
    return LongStream.of(seconds).mapToObj(Duration::ofSeconds).toList();
  }
}
