package dev.notifier.internal.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.notifier.ChannelHealth.Breaker;
import dev.notifier.ChannelPolicy;
import dev.notifier.CircuitBreakerPolicy;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Deferred;
import dev.notifier.DeliveryResult.Obstacle;
import dev.notifier.Samples;
import dev.notifier.SettableClock;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The breakers read a clock of their own: they are open for an hour, or for a few milliseconds. */
class CircuitBreakerGateTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final String ADA = "ada@example.com";
  private static final String GRACE = "grace@example.com";
  private static final DeliveryResult SENT = DeliveryResult.accepted();
  private static final DeliveryResult BUSY = DeliveryResult.transientFailure("busy");

  private final SettableClock clock = new SettableClock();

  private CircuitBreakerGate gate(ChannelPolicy.Builder policy) {
    return new CircuitBreakerGate("email", policy.build(), clock);
  }

  private static ChannelPolicy.Builder onlyChannel(int failures, Duration openFor) {
    return ChannelPolicy.builder()
        .withoutBreakers()
        .breaker(CircuitBreakerPolicy.consecutive(failures, openFor));
  }

  private static ChannelPolicy.Builder onlyRecipient(int failures, Duration openFor) {
    return ChannelPolicy.builder()
        .withoutBreakers()
        .recipientBreaker(CircuitBreakerPolicy.consecutive(failures, openFor));
  }

  private static DeliveryResult pass(
      CircuitBreakerGate gate, String address, DeliveryResult answer) {
    return gate.pass(Samples.attempt(address), attempt -> answer);
  }

  /** Passes as soon as the gate lets it, waiting at most ten seconds. */
  private static DeliveryResult passWhenHalfOpen(
      CircuitBreakerGate gate, String address, DeliveryResult answer) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    DeliveryResult result = pass(gate, address, answer);
    while (result instanceof Deferred && System.nanoTime() < end) {
      Thread.onSpinWait();
      result = pass(gate, address, answer);
    }
    return result;
  }

  private static void assertOpen(DeliveryResult result, String reason) {
    assertThat(result)
        .asInstanceOf(type(Deferred.class))
        .satisfies(deferred -> assertThat(deferred.obstacle()).isEqualTo(Obstacle.UNAVAILABLE))
        .satisfies(deferred -> assertThat(deferred.reason()).isEqualTo(reason))
        .satisfies(deferred -> assertThat(deferred.until()).isAfter(Samples.NOON));
  }

  private static void assertChannelOpen(DeliveryResult result) {
    assertOpen(result, "the circuit breaker of channel email is open");
  }

  private static void assertRecipientOpen(DeliveryResult result) {
    assertOpen(result, "the circuit breaker of the recipient is open");
  }

  // --- The channel's breaker --------------------------------------------------------------------

  @Test
  void failuresInARowOpenTheChannelForEveryRecipient() {
    CircuitBreakerGate gate = gate(onlyChannel(2, HOUR));
    assertThat(pass(gate, ADA, BUSY)).isSameAs(BUSY);
    assertThat(gate.state()).isNotEqualTo(Breaker.OPEN);
    assertThat(pass(gate, GRACE, DeliveryResult.ambiguous("lost"))).isNotNull();
    assertThat(gate.state()).isEqualTo(Breaker.OPEN);
    DeliveryResult refused = pass(gate, "other@example.com", SENT);
    assertChannelOpen(refused);
    assertThat(((Deferred) refused).until())
        .isBetween(Samples.NOON.plus(HOUR).minusSeconds(60), Samples.NOON.plus(HOUR));
  }

  @Test
  void aSuccessInBetweenStartsTheCountAnew() {
    CircuitBreakerGate gate = gate(onlyChannel(2, HOUR));
    pass(gate, ADA, BUSY);
    pass(gate, ADA, SENT);
    pass(gate, ADA, BUSY);
    assertThat(gate.state()).isNotEqualTo(Breaker.OPEN);
  }

  @Test
  void failuresOutOfAWindowOpenTheChannel() {
    CircuitBreakerGate gate =
        gate(
            ChannelPolicy.builder()
                .withoutBreakers()
                .breaker(CircuitBreakerPolicy.outOf(2, 4, HOUR)));
    pass(gate, ADA, BUSY);
    pass(gate, ADA, SENT);
    pass(gate, ADA, SENT);
    pass(gate, ADA, BUSY);
    assertThat(gate.state()).isEqualTo(Breaker.OPEN);
  }

  static Stream<DeliveryResult> answersOfAProviderThatWorks() {
    return Stream.of(
        SENT,
        DeliveryResult.permanentFailure("no such user"),
        DeliveryResult.suppressRecipient("gone"),
        DeliveryResult.configurationFault("401"));
  }

  @ParameterizedTest
  @MethodSource("answersOfAProviderThatWorks")
  void anAnswerThatIsNoFailureOfTheProviderOpensNothing(DeliveryResult answer) {
    CircuitBreakerGate gate =
        gate(onlyChannel(1, HOUR).recipientBreaker(CircuitBreakerPolicy.consecutive(1, HOUR)));
    for (int i = 0; i < 10; i++) {
      assertThat(pass(gate, ADA, answer)).isSameAs(answer);
    }
    assertThat(gate.state()).isNotEqualTo(Breaker.OPEN);
  }

  @Test
  void afterItsTimeOneTrialClosesTheChannel() {
    CircuitBreakerGate gate = gate(onlyChannel(1, SHORT));
    pass(gate, ADA, BUSY);
    assertThat(passWhenHalfOpen(gate, ADA, SENT)).isSameAs(SENT);
    assertThat(gate.state()).isNotEqualTo(Breaker.OPEN);
    assertThat(pass(gate, ADA, SENT)).isSameAs(SENT);
  }

  @Test
  void aTrialThatFailsOpensTheChannelAgain() {
    CircuitBreakerGate gate = gate(onlyChannel(1, SHORT));
    pass(gate, ADA, BUSY);
    assertThat(passWhenHalfOpen(gate, ADA, BUSY)).isSameAs(BUSY);
    assertThat(gate.state()).isEqualTo(Breaker.OPEN);
  }

  @Test
  void whileATrialIsUnderWayTheOthersWait() {
    CircuitBreakerGate gate = gate(onlyChannel(1, SHORT));
    pass(gate, ADA, BUSY);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    DeliveryResult trial = null;
    while (!SENT.equals(trial) && System.nanoTime() < end) {
      trial =
          gate.pass(
              Samples.attempt(ADA),
              attempt -> {
                assertChannelOpen(pass(gate, GRACE, SENT));
                return SENT;
              });
    }
    assertThat(trial).isSameAs(SENT);
    assertThat(pass(gate, GRACE, SENT)).isSameAs(SENT);
  }

  // --- The breakers of recipients ---------------------------------------------------------------

  @Test
  void aRecipientThatFailsHurtsNoOther() {
    CircuitBreakerGate gate = gate(onlyRecipient(2, HOUR));
    pass(gate, ADA, BUSY);
    pass(gate, ADA, BUSY);
    assertRecipientOpen(pass(gate, ADA, SENT));
    assertThat(pass(gate, GRACE, SENT)).isSameAs(SENT);
    assertThat(gate.state()).as("it speaks of the channel as a whole").isNotEqualTo(Breaker.OPEN);
  }

  @Test
  void aSuccessOfTheRecipientStartsItsCountAnew() {
    CircuitBreakerGate gate = gate(onlyRecipient(2, HOUR));
    pass(gate, ADA, BUSY);
    pass(gate, ADA, SENT);
    pass(gate, ADA, BUSY);
    assertThat(pass(gate, ADA, SENT)).isSameAs(SENT);
  }

  @Test
  void aRecipientsTrialThatTheChannelRefusedIsNotLost() {
    CircuitBreakerGate gate =
        gate(
            onlyChannel(2, Duration.ofMillis(90))
                .recipientBreaker(CircuitBreakerPolicy.consecutive(1, SHORT)));
    pass(gate, ADA, BUSY);
    pass(gate, GRACE, BUSY); // now the channel is open as well, and for longer
    assertThat(passWhenHalfOpen(gate, ADA, SENT)).isSameAs(SENT);
    assertThat(passWhenHalfOpen(gate, GRACE, SENT)).isSameAs(SENT);
  }

  @Test
  void withoutBreakersEverythingPasses() {
    CircuitBreakerGate gate = gate(ChannelPolicy.builder().withoutBreakers());
    for (int i = 0; i < 100; i++) {
      assertThat(pass(gate, ADA, BUSY)).isSameAs(BUSY);
    }
    assertThat(gate.state()).isNotEqualTo(Breaker.OPEN);
  }
}
