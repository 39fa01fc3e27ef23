package dev.notifier.internal.delivery;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;
import dev.notifier.internal.resilience.Gate;
import java.util.List;

/**
 * What stands around the call of one channel, as a list: the application's interceptors, the pause,
 * the rate limits, the circuit breakers, the call.
 */
final class DeliveryPipeline {
  private final DeliveryInterceptor.Chain first;

  /** Creates the pipeline; the last gate answers without proceeding. */
  DeliveryPipeline(List<Gate> gates) {
    this.first = from(gates);
  }

  /** Ties the gates together once, so that an attempt only follows the chain. */
  private static DeliveryInterceptor.Chain from(List<Gate> gates) {
    if (gates.isEmpty()) {
      return attempt -> {
        throw new AssertionError("the last gate went on with " + attempt);
      };
    }
    Gate gate = gates.get(0);
    DeliveryInterceptor.Chain next = from(gates.subList(1, gates.size()));
    return attempt -> gate.pass(attempt, next);
  }

  /** Makes the attempt, unless a gate on the way answers first. */
  DeliveryResult run(DeliveryAttempt attempt) {
    return first.proceed(attempt);
  }
}
