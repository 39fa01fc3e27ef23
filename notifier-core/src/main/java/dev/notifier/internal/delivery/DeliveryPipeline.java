package dev.notifier.internal.delivery;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.internal.resilience.Gate;
import java.util.List;

/**
 * What stands around the call of one channel, as a list: the application's interceptors, the pause,
 * the rate limits, the circuit breakers, the call.
 */
final class DeliveryPipeline {
  private final List<Gate> gates;

  /** Creates the pipeline; the last gate answers without proceeding. */
  DeliveryPipeline(List<Gate> gates) {
    this.gates = List.copyOf(gates);
  }

  /** Makes the attempt, unless a gate on the way answers first. */
  DeliveryResult run(DeliveryAttempt attempt) {
    return runFrom(0, attempt);
  }

  private DeliveryResult runFrom(int index, DeliveryAttempt attempt) {
    return gates.get(index).pass(attempt, next -> runFrom(index + 1, next));
  }
}
