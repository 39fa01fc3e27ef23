package dev.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.notifier.DeliveryResult.Accepted;
import dev.notifier.DeliveryResult.Ambiguous;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.DeliveryResult.Permanent;
import dev.notifier.DeliveryResult.Transient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DeliveryResultTest {
  private static final Instant NOON = Instant.parse("2025-01-01T12:00:00Z");

  static Stream<Arguments> results() {
    return Stream.of(
        arguments(DeliveryResult.accepted(), new Accepted(Optional.empty())),
        arguments(DeliveryResult.accepted("id-1"), new Accepted(Optional.of("id-1"))),
        arguments(
            DeliveryResult.accepted("id-1", "but not\nfor all"),
            new Accepted(Optional.of("id-1"), "but not for all")),
        arguments(DeliveryResult.transientFailure("busy"), new Transient("busy", Optional.empty())),
        arguments(
            DeliveryResult.transientFailure("busy", null), new Transient("busy", Optional.empty())),
        arguments(
            DeliveryResult.transientFailure("busy", Duration.ofSeconds(3)),
            new Transient("busy", Optional.of(Duration.ofSeconds(3)))),
        arguments(DeliveryResult.permanentFailure("no"), new Permanent("no", false, false)),
        arguments(DeliveryResult.suppressRecipient("gone"), new Permanent("gone", true, false)),
        arguments(DeliveryResult.configurationFault("401"), new Permanent("401", false, true)),
        arguments(DeliveryResult.ambiguous("lost"), new Ambiguous("lost")),
        arguments(
            DeliveryResult.deferred(NOON, Obstacle.UNAVAILABLE, "open"),
            new Deferred(NOON, Obstacle.UNAVAILABLE, "open")));
  }

  @ParameterizedTest
  @MethodSource("results")
  void everyFactoryMakesItsResult(DeliveryResult made, DeliveryResult expected) {
    assertThat(made).isEqualTo(expected);
  }

  @Test
  void thereAreFiveResultsAndNoMore() {
    assertThat(DeliveryResult.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            Accepted.class, Transient.class, Permanent.class, Ambiguous.class, Deferred.class);
  }

  static Stream<Function<String, DeliveryResult>> reasons() {
    return Stream.of(
        DeliveryResult::transientFailure,
        DeliveryResult::permanentFailure,
        DeliveryResult::suppressRecipient,
        DeliveryResult::configurationFault,
        DeliveryResult::ambiguous,
        reason -> DeliveryResult.deferred(NOON, Obstacle.CHANNEL_LIMIT, reason));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void aReasonIsOneLine(Function<String, DeliveryResult> result) {
    assertThat(result.apply(" 550-No\r\n550 such\tuser\u0000\u0085\u2028here\n").reason())
        .isEqualTo("550-No 550 such user here");
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void aReasonIsCutAfter500CharactersButNotInTheMiddleOfOne(
      Function<String, DeliveryResult> result) {
    assertThat(result.apply("x".repeat(500)).reason()).isEqualTo("x".repeat(500));
    assertThat(result.apply("x".repeat(501)).reason()).isEqualTo("x".repeat(500) + "…");
    assertThat(result.apply("x".repeat(499) + "😀").reason()).isEqualTo("x".repeat(499) + "…");
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void aReasonMustBeThere(Function<String, DeliveryResult> result) {
    assertThatNullPointerException().isThrownBy(() -> result.apply(null)).withMessage("reason");
  }

  @Test
  void aConfigurationFaultIsNotTheRecipients() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Permanent("both", true, true))
        .withMessageStartingWith("a configuration fault is not the recipient's");
  }

  static Stream<Arguments> nulls() {
    return Stream.of(
        refused(() -> DeliveryResult.accepted(null), "providerMessageId"),
        refused(() -> new Accepted(null), "providerMessageId"),
        refused(() -> new Transient("x", null), "retryAfter"),
        refused(() -> DeliveryResult.deferred(null, Obstacle.UNAVAILABLE, "x"), "until"),
        refused(() -> DeliveryResult.deferred(NOON, null, "x"), "obstacle"));
  }

  @ParameterizedTest
  @MethodSource("nulls")
  void nullIsRefusedByName(ThrowingCallable call, String name) {
    assertThatNullPointerException().isThrownBy(call).withMessage(name);
  }

  private static Arguments refused(ThrowingCallable call, String name) {
    return arguments(call, name);
  }
}
