package dev.notifier.internal.engine;

import dev.notifier.NotificationForgottenException;
import dev.notifier.NotificationId;
import dev.notifier.NotifierClosedException;
import dev.notifier.Outcome;
import dev.notifier.Receipt;
import dev.notifier.internal.event.Outcomes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** A receipt that asks the waiting room only when somebody asks it. */
record DefaultReceipt(NotificationId id, boolean isDuplicate, Outcomes outcomes)
    implements Receipt {
  @Override
  public Optional<Outcome> await(Duration timeout) throws InterruptedException {
    try {
      return Optional.of(outcomes.await(id, timeout));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotifierClosedException
          || e.getCause() instanceof NotificationForgottenException) {
        return Optional.empty();
      }
      throw new AssertionError(e); // an outcome fails for these two reasons only
    }
  }

  @Override
  public CompletionStage<Outcome> outcome() {
    return outcomes.of(id);
  }

  @Override
  public String toString() {
    return "Receipt[" + id + (isDuplicate ? ", duplicate]" : "]");
  }
}
