package dev.notifier;

import java.time.Duration;
import java.util.List;

/**
 * Counts what became of notifications, out of the store: its numbers outlive a restart if the store
 * does, and hold what every notifier on that store has done. Thread-safe.
 *
 * <p>What is counted are deliveries: a notification has one for each leg of its route. A delivery
 * belongs to the window in which its notification was accepted, to the channel that has it now or
 * had it last, and counts with the status it has now: a receipt that comes days later changes the
 * numbers of the day on which the message was accepted. Numbers reach back as far as the store's
 * history does; see {@link AnalyticsSummary#completeSince}.
 */
public interface Analytics {
  /**
   * Returns the numbers of a window, by channel.
   *
   * @throws IllegalArgumentException if the window begins in the future
   * @throws UnknownChannelException if it names a channel that this notifier does not have and of
   *     which the store knows nothing
   * @throws ConfigurationException if the store cannot count
   * @throws StoreException if the store does not answer
   */
  AnalyticsSummary summary(AnalyticsWindow window);

  /**
   * Returns the numbers of a window in steps of equal length, in order; those in which nothing was
   * accepted are there too. The last one may be shorter; no step begins in the future.
   *
   * @param step how long a step is: from a second, and so long that there are 1,500 steps at most
   * @throws IllegalArgumentException if it is not, or the window begins in the future
   * @throws UnknownChannelException as above
   * @throws ConfigurationException as above
   * @throws StoreException if the store does not answer
   */
  List<AnalyticsStep> series(AnalyticsWindow window, Duration step);
}
