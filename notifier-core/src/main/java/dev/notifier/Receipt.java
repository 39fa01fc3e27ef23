package dev.notifier;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Proof that a notification was accepted by this library. It is not proof of delivery.
 *
 * <p>Thread-safe.
 */
public interface Receipt {
  /** Returns the notification's id; for a duplicate, the id of the one that was sent first. */
  NotificationId id();

  /**
   * Tells whether an earlier notification to the same recipient had the same idempotency key. If
   * so, this one was not accepted, and everything here speaks of the earlier one.
   */
  boolean isDuplicate();

  /**
   * Waits until every delivery of the notification is settled, or the time is up.
   *
   * @return how it ended, or nothing if it is still pending or no longer known
   * @throws InterruptedException if the waiting thread is interrupted
   */
  Optional<Outcome> await(Duration timeout) throws InterruptedException;

  /**
   * Returns a stage that completes when every delivery of the notification is settled. It completes
   * exceptionally, with {@link NotifierClosedException}, if the notifier is closed before that, and
   * with {@link NotificationForgottenException} if the store no longer knows the notification.
   *
   * <p>Dependent actions may run on a delivery worker: they must be quick and must not block.
   */
  CompletionStage<Outcome> outcome();
}
