package dev.notifier.internal.resilience;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryInterceptor;
import dev.notifier.DeliveryResult;

/** One step on the way to the channel: it answers itself, or proceeds, at most once. */
@FunctionalInterface
public interface Gate {
  /** Answers for the attempt, itself or by what follows. */
  DeliveryResult pass(DeliveryAttempt attempt, DeliveryInterceptor.Chain next);
}
