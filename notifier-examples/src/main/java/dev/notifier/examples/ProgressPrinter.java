package dev.notifier.examples;

import dev.notifier.DeliveryAttempt;
import dev.notifier.DeliveryResult;
import dev.notifier.NotificationListener;
import dev.notifier.Settlement;
import dev.notifier.Settlement.Finished;
import dev.notifier.Settlement.Requeued;

/** Prints a line for each attempt: what came of it, and what happens next. */
final class ProgressPrinter implements NotificationListener {
  @Override
  public void attempted(DeliveryAttempt attempt, DeliveryResult result, Settlement settlement) {
    System.out.printf(
        "  %-8s attempt %d to %s: %s, %s%n",
        attempt.priority(),
        attempt.number(),
        attempt.address(),
        result.getClass().getSimpleName(),
        next(settlement));
  }

  private static String next(Settlement settlement) {
    return settlement instanceof Requeued again
        ? again.cause() + " at " + again.due()
        : "now " + ((Finished) settlement).status();
  }
}
