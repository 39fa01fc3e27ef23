package dev.notifier.spi;

import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelId;
import dev.notifier.ChannelSummary;
import dev.notifier.ChannelSummary.Backlog;
import dev.notifier.ChannelSummary.Reason;
import dev.notifier.ChannelSummary.Times;
import dev.notifier.DeliveryCounts;
import dev.notifier.DeliveryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Puts a summary together out of what a store counts. A store may bring each delivery by itself, or
 * many that are alike at once. Not thread-safe.
 */
public final class AnalyticsCounter {
  /** Percentiles are off by 1 % at most; what a store brings at once may differ by as much. */
  private static final int SIGNIFICANT_DIGITS = 2;

  private static final Comparator<Reason> MOST_FREQUENT_FIRST =
      Comparator.comparingLong(Reason::deliveries)
          .reversed()
          .thenComparing(Reason::status)
          .thenComparing(Reason::reason);

  private final AnalyticsWindow window;
  private final Map<ChannelId, Tally> tallies = new TreeMap<>();

  /** Starts to count for this window. */
  public AnalyticsCounter(AnalyticsWindow window) {
    this.window = window;
  }

  /** Counts deliveries of the window that were not sent and have this status. */
  public void count(ChannelId channel, DeliveryStatus status, long deliveries) {
    of(channel).count(status, deliveries);
  }

  /**
   * Counts deliveries of the window that were sent, and took equally long but for 1 %.
   *
   * @param status SENT, DELIVERED or BOUNCED
   * @param totalMillis how long they took, all together
   * @param longestMillis how long the slowest took
   */
  public void countSent(
      ChannelId channel,
      DeliveryStatus status,
      long deliveries,
      long totalMillis,
      long longestMillis) {
    of(channel).count(status, deliveries);
    of(channel).time(deliveries, totalMillis, longestMillis);
  }

  /** Counts why deliveries of the window were not delivered; each reason may come several times. */
  public void reason(ChannelId channel, DeliveryStatus status, String reason, long deliveries) {
    of(channel).reasons.merge(new ReasonKey(status, reason), deliveries, Long::sum);
  }

  /** Adds to what waits for a channel now, in the window or not. */
  public void backlog(ChannelId channel, Backlog more) {
    of(channel).add(more);
  }

  private Tally of(ChannelId channel) {
    return tallies.computeIfAbsent(channel, id -> new Tally());
  }

  /**
   * Returns what was counted.
   *
   * @param completeSince since when the store knows everything that was accepted; empty if always
   */
  public AnalyticsSummary summary(Optional<Instant> completeSince) {
    Map<ChannelId, ChannelSummary> channels = new TreeMap<>();
    tallies.forEach((channel, tally) -> channels.put(channel, tally.summary(window.maxReasons())));
    return new AnalyticsSummary(window, completeSince, channels);
  }

  private record ReasonKey(DeliveryStatus status, String reason) {}

  /** What was counted on one channel. */
  private static final class Tally {
    private final Map<DeliveryStatus, Long> byStatus = new EnumMap<>(DeliveryStatus.class);
    private final Map<ReasonKey, Long> reasons = new HashMap<>();
    private @Nullable Histogram times;
    private long totalMillis;
    private long longestMillis;
    private Backlog backlog = Backlog.NONE;

    void count(DeliveryStatus status, long deliveries) {
      byStatus.merge(status, deliveries, Long::sum);
    }

    void time(long deliveries, long total, long longest) {
      Histogram recorded = times;
      if (recorded == null) {
        recorded = new Histogram(SIGNIFICANT_DIGITS); // grows with what it is told
        times = recorded;
      }
      recorded.recordValueWithCount(Math.round((double) total / deliveries), deliveries);
      totalMillis += total;
      longestMillis = Math.max(longestMillis, longest);
    }

    void add(Backlog more) {
      Duration oldest = backlog.oldestWait();
      backlog =
          new Backlog(
              backlog.waiting() + more.waiting(),
              backlog.scheduled() + more.scheduled(),
              oldest.compareTo(more.oldestWait()) > 0 ? oldest : more.oldestWait());
    }

    ChannelSummary summary(int maxReasons) {
      List<Reason> most =
          reasons.entrySet().stream()
              .map(each -> new Reason(each.getKey().status, each.getKey().reason, each.getValue()))
              .sorted(MOST_FREQUENT_FIRST)
              .limit(maxReasons)
              .toList();
      Duration spent = Duration.ofMillis(totalMillis);
      return new ChannelSummary(new DeliveryCounts(byStatus, spent), times(), most, backlog);
    }

    private Optional<Times> times() {
      Histogram recorded = times;
      return recorded == null
          ? Optional.empty()
          : Optional.of(
              new Times(
                  Duration.ofMillis(totalMillis).dividedBy(recorded.getTotalCount()),
                  percentile(recorded, 50),
                  percentile(recorded, 95),
                  percentile(recorded, 99),
                  Duration.ofMillis(longestMillis)));
    }

    private Duration percentile(Histogram recorded, double percent) {
      return Duration.ofMillis(Math.min(longestMillis, recorded.getValueAtPercentile(percent)));
    }
  }
}
