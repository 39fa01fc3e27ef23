package dev.notifier.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.Samples;
import dev.notifier.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PauseGateTest {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final DeliveryAttempt ATTEMPT = Samples.attempt();
  private static final DeliveryResult FAULT = DeliveryResult.configurationFault("401 bad token");

  private final SettableClock clock = new SettableClock();
  private final List<String> told = new ArrayList<>();
  private final PauseGate gate =
      new PauseGate(
          PAUSE,
          clock,
          new PauseGate.Observer() {
            @Override
            public void paused(String reason, Instant until) {
              told.add("paused until " + until + ": " + reason);
            }

            @Override
            public void resumed() {
              told.add("resumed");
            }
          });

  private DeliveryResult pass(DeliveryResult answer) {
    return gate.pass(ATTEMPT, attempt -> answer);
  }

  private DeliveryResult passNot() {
    return gate.pass(
        ATTEMPT,
        attempt -> {
          throw new AssertionError("the gate must not proceed");
        });
  }

  static Stream<DeliveryResult> answersWithoutFault() {
    return Stream.of(
        DeliveryResult.accepted(),
        DeliveryResult.transientFailure("busy"),
        DeliveryResult.permanentFailure("no such user"),
        DeliveryResult.suppressRecipient("gone"),
        DeliveryResult.ambiguous("lost"),
        DeliveryResult.deferred(Samples.NOON, Obstacle.CHANNEL_LIMIT, "limit"));
  }

  @ParameterizedTest
  @MethodSource("answersWithoutFault")
  void noOtherAnswerPauses(DeliveryResult answer) {
    assertThat(pass(answer)).isSameAs(answer);
    assertThat(gate.pause()).isEmpty();
    assertThat(told).isEmpty();
  }

  @Test
  void aConfigurationFaultPausesTheChannelAndSaysSoOnce() {
    assertThat(pass(FAULT)).isSameAs(FAULT);
    assertThat(passNot())
        .isEqualTo(
            new Deferred(
                Samples.NOON.plus(PAUSE),
                Obstacle.UNAVAILABLE,
                "the channel is paused: 401 bad token"));
    clock.advance(PAUSE.minusMillis(1));
    assertThat(passNot()).isInstanceOf(Deferred.class);
    assertThat(gate.pause())
        .contains(new PauseGate.Pause(Samples.NOON.plus(PAUSE), "401 bad token"));
    assertThat(told).containsExactly("paused until 2025-01-01T12:01:00Z: 401 bad token");
  }

  @Test
  void afterThePauseOneAttemptAtATimeFindsOut() {
    pass(FAULT);
    clock.advance(PAUSE);
    DeliveryResult trial =
        gate.pass(
            ATTEMPT,
            attempt -> {
              assertThat(passNot())
                  .isInstanceOfSatisfying(
                      Deferred.class,
                      deferred ->
                          assertThat(deferred.until()).isEqualTo(clock.instant().plusSeconds(1)));
              return DeliveryResult.accepted();
            });
    assertThat(trial).isEqualTo(DeliveryResult.accepted());
    assertThat(gate.pause()).isEmpty();
    assertThat(told).hasSize(2).last().isEqualTo("resumed");
    assertThat(pass(DeliveryResult.accepted())).isEqualTo(DeliveryResult.accepted());
  }

  @Test
  void aTrialThatFindsTheFaultAgainPausesAnewAndSaysNothing() {
    pass(FAULT);
    clock.advance(PAUSE);
    assertThat(pass(DeliveryResult.configurationFault("still 401")))
        .isEqualTo(DeliveryResult.configurationFault("still 401"));
    assertThat(passNot())
        .isEqualTo(
            new Deferred(
                clock.instant().plus(PAUSE),
                Obstacle.UNAVAILABLE,
                "the channel is paused: still 401"));
    assertThat(told).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("answersWithoutFault")
  void onlyAnAnswerOfTheProviderEndsThePause(DeliveryResult answer) {
    pass(FAULT);
    clock.advance(PAUSE);
    assertThat(pass(answer)).isSameAs(answer);
    boolean answered = !(answer instanceof Deferred || answer instanceof DeliveryResult.Transient);
    assertThat(gate.pause().isEmpty()).isEqualTo(answered);
    assertThat(told.contains("resumed")).isEqualTo(answered);
    assertThat(pass(DeliveryResult.accepted())).as("the next may try at once").isNotNull();
    assertThat(gate.pause()).isEmpty();
  }

  @Test
  void aTrialThatThrowsLeavesTheNextOneItsTurn() {
    pass(FAULT);
    clock.advance(PAUSE);
    try {
      gate.pass(
          ATTEMPT,
          attempt -> {
            throw new IllegalStateException("an interceptor's fault");
          });
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("an interceptor's fault");
    }
    assertThat(pass(DeliveryResult.accepted())).isEqualTo(DeliveryResult.accepted());
    assertThat(gate.pause()).isEmpty();
  }
}
