package dev.notifier;

import java.time.Duration;

/** A batch on its way. It lives as long as this process. Thread-safe. */
public interface BatchRun {
  /** Returns its id: the last 16 hexadecimal digits of the ids of all its notifications. */
  String id();

  /**
   * Returns how far it is, from memory. Settlements by other processes are not counted: {@link
   * Batches#find} tells these too.
   */
  BatchProgress progress();

  /**
   * Waits until every item was read and every delivery is settled, by whichever process, or the
   * time is up.
   *
   * @return whether it is complete
   * @throws StoreException if the store does not answer
   * @throws InterruptedException if the waiting thread is interrupted
   */
  boolean await(Duration timeout) throws InterruptedException;

  /**
   * Reads no further item and cancels what is not sent, as {@link Batches#cancel} does. What is
   * being sent goes on.
   *
   * @throws StoreException if the store does not answer; call it again then
   */
  void cancel();
}
