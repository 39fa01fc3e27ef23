package dev.notifier;

import java.util.List;
import java.util.Optional;

/**
 * The batches that were sent, by this process or any other that shares its store, and before its
 * last start, if the store outlives it. Thread-safe.
 */
public interface Batches {
  /**
   * Returns how far a batch is. A store in a database counts the rows of the batch: for a million
   * of them that takes a second or so, so do not ask several times a second.
   *
   * @param id what {@link BatchRun#id()} gave
   * @return empty if there is no such batch, or it is forgotten together with its history
   * @throws IllegalArgumentException if it is no id of a batch
   * @throws StoreException if the store does not answer
   */
  Optional<BatchReport> find(String id);

  /**
   * Returns the ids of the newest batches, newest first.
   *
   * @param limit from 1 to 10,000
   */
  List<String> newest(int limit);

  /**
   * Cancels what is not sent of a batch, wherever it waits, and lets whoever reads it stop. What
   * this process can reach is cancelled when this returns; what others hold, within seconds. What
   * is being sent goes on. A batch of which all was read and settled before stays FINISHED.
   *
   * @param id what {@link BatchRun#id()} gave
   * @return whether there is such a batch
   * @throws IllegalArgumentException if it is no id of a batch
   * @throws StoreException if the store does not answer; call it again then
   */
  boolean cancel(String id);
}
