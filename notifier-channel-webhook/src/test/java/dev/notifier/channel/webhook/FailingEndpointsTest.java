package dev.notifier.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notifier.Address;
import dev.notifier.DeliveryResult;
import dev.notifier.channel.webhook.FailingEndpoints.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailingEndpointsTest {
  private static final Address ENDPOINT = Address.parse("webhook:https://example.com/hook");
  private static final DeliveryResult FAILURE = DeliveryResult.transientFailure("HTTP 503");

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final FailingEndpoints endpoints =
      new FailingEndpoints(new Threshold(3, Duration.ofDays(5)), () -> now);

  private Optional<String> failAfter(Duration pause) {
    now = now.plus(pause);
    return endpoints.note(ENDPOINT, FAILURE);
  }

  @Test
  void anEndpointThatFailsOftenAndLongIsDead() {
    assertThat(failAfter(Duration.ZERO)).isEmpty();
    assertThat(failAfter(Duration.ofDays(4))).isEmpty();
    assertThat(failAfter(Duration.ofDays(1)))
        .contains(
            "the endpoint is disabled: 3 attempts in a row failed since 2026-01-01T00:00:00Z, the"
                + " last with: HTTP 503");
  }

  @Test
  void manyFailuresInAShortTimeAreNotEnough() {
    for (int i = 0; i < 1000; i++) {
      assertThat(failAfter(Duration.ofMinutes(1))).isEmpty();
    }
  }

  @Test
  void fewFailuresInALongTimeAreNotEnough() {
    assertThat(failAfter(Duration.ZERO)).isEmpty();
    assertThat(failAfter(Duration.ofDays(9))).isEmpty();
  }

  @Test
  void oneSuccessBetweenForgivesEverything() {
    failAfter(Duration.ZERO);
    failAfter(Duration.ofDays(4));
    assertThat(endpoints.note(ENDPOINT, DeliveryResult.accepted())).isEmpty();
    assertThat(failAfter(Duration.ofDays(4))).isEmpty();
  }

  @Test
  void whatLiesFarBackIsForgotten() {
    failAfter(Duration.ZERO);
    failAfter(Duration.ofDays(1));
    assertThat(failAfter(Duration.ofDays(11))).isEmpty();
  }

  @Test
  void anEndpointThatWasDisabledStartsAfresh() {
    failAfter(Duration.ZERO);
    failAfter(Duration.ofDays(3));
    assertThat(failAfter(Duration.ofDays(3))).isPresent();
    assertThat(failAfter(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void anotherEndpointIsNotToBlame() {
    failAfter(Duration.ZERO);
    failAfter(Duration.ofDays(4));
    now = now.plus(Duration.ofDays(4));
    assertThat(endpoints.note(Address.parse("webhook:https://example.com/other"), FAILURE))
        .isEmpty();
  }
}
