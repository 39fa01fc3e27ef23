package dev.notifier;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What was settled: to be forgotten on demand, and to be exported. Thread-safe.
 *
 * <p>Both work on the calling thread and may take minutes; sends go on meanwhile. {@link
 * Notifier#search} and {@link Notifier#find} show what there is.
 */
public interface History {
  /**
   * Forgets what was settled at least this long ago, besides what the store forgets by itself. A
   * notification goes as a whole, with its attempts and contents, when each of its deliveries was
   * settled that long ago and its state as a whole, the worst of a fan-out, is one of these. What
   * waits stays, whatever its age.
   *
   * <p>It goes by small steps, on the JDBC store each a short transaction over at most 500
   * notifications. If the store fails, what was forgotten before stays so: call again to go on. An
   * interrupt ends it early.
   *
   * @param age zero or more, by the time at which the last delivery was settled
   * @param statuses settled states; none means all of them
   * @return how many notifications are forgotten
   * @throws IllegalArgumentException if the age is negative, or a state is not a settled one
   * @throws StoreException if the store does not answer
   */
  long purge(Duration age, DeliveryStatus... statuses);

  /**
   * Writes notifications as JSON lines in UTF-8: each line, ended by a line feed, is an object with
   * the fields that docs/OPERATIONS.md names. Memory holds a page of the query at a time. The
   * stream is flushed at the end, and not closed.
   *
   * @return how many lines were written
   * @throws IOException if the stream throws one
   * @throws StoreException if the store does not answer
   */
  long export(HistoryExport export, OutputStream out) throws IOException;

  /**
   * Hands out notifications as JSON lines without line breaks, as {@link #export(HistoryExport,
   * OutputStream)} writes them.
   *
   * @return how many there were
   * @throws StoreException if the store does not answer
   */
  long export(HistoryExport export, Consumer<? super String> lines);
}
