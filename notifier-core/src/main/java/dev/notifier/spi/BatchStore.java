package dev.notifier.spi;

import dev.notifier.BatchReport;
import dev.notifier.NotificationId;
import java.util.List;
import java.util.Optional;

/**
 * Holds what is known of batches beside their notifications. A batch is named by the second half of
 * the ids of all its notifications, its group.
 *
 * <p>Thread-safe. Every method throws {@link dev.notifier.StoreException} if the store cannot
 * answer within a bounded time. No method calls back into the engine.
 */
public interface BatchStore {
  /** Makes a batch known before the first of its notifications. */
  void begin(StoredBatch batch);

  /**
   * Takes some notifications of a batch that was begun, in ascending order of their ids, all of
   * them or none, and counts them.
   *
   * @return for each, in order, what {@link NotificationStore#insert} returns; an empty list if the
   *     batch was cancelled, in which case nothing was inserted
   */
  List<Optional<NotificationId>> insertSome(StoredBatch batch, List<Submission> submissions);

  /**
   * Takes a batch as a whole, or nothing, in one step and however large it is: the batch, which was
   * not begun, and all of its notifications. Nothing of it is read after that.
   *
   * @return for each, in order, what {@link NotificationStore#insert} returns
   */
  List<Optional<NotificationId>> insertWhole(StoredBatch batch, List<Submission> submissions);

  /**
   * Says that nothing more is read.
   *
   * @param problem why it ended before its last item; empty if it did not
   */
  void end(StoredBatch batch, String problem);

  /**
   * Returns where a batch stands. Its reader is taken for dead when its process is: then it is
   * INTERRUPTED.
   */
  Optional<BatchReport> find(long group);

  /** Returns the groups of the newest batches, newest first. */
  List<Long> newest(int limit);

  /** Tells whether a delivery of the batch is not settled; quicker than {@link #find}. */
  boolean owes(long group);

  /**
   * Lets nothing more be read of a batch, and what waits of it be cancelled, by whichever process
   * holds it. One that was read to its end, and of which nothing waits, stays what it is.
   *
   * @return whether there is such a batch
   */
  boolean cancel(long group);

  /**
   * Cancels some of what waits of a batch that was cancelled, as far as this process can reach it.
   *
   * @return what was cancelled, as it waited; empty when there is nothing more
   */
  List<QueuedDelivery> cancelSome(long group);
}
