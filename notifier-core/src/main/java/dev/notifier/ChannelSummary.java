package dev.notifier;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The numbers of one channel in a window, and what waits for it now.
 *
 * @param counts how many deliveries came to what
 * @param times how long those took that were sent; empty if none was
 * @param reasons why deliveries were not delivered, the most frequent reason first
 * @param backlog what waits for the channel now, whenever it was accepted
 */
public record ChannelSummary(
    DeliveryCounts counts, Optional<Times> times, List<Reason> reasons, Backlog backlog) {
  /** Creates the summary with a copy of the list. */
  public ChannelSummary {
    reasons = List.copyOf(reasons);
  }

  /**
   * How long deliveries took, from when the notification was accepted until a provider accepted the
   * message. A store that knows it counts from the later time at which the notification was to be
   * sent; the JDBC store does not. Half of them took no longer than {@code p50}, and so on; these
   * are off by 2 % at most.
   *
   * @param average the mean, exactly
   * @param p50 the median
   * @param p95 the 95th percentile
   * @param p99 the 99th percentile
   * @param longest the longest
   */
  public record Times(
      Duration average, Duration p50, Duration p95, Duration p99, Duration longest) {}

  /**
   * Why deliveries were not delivered.
   *
   * @param status FAILED, BOUNCED, EXPIRED or SUPPRESSED
   * @param reason the reason, in words for an operator
   * @param deliveries how many deliveries have this status for exactly this reason
   */
  public record Reason(DeliveryStatus status, String reason, long deliveries) {}

  /**
   * What a channel still has to do, in the whole store.
   *
   * @param waiting how many deliveries are not settled: waiting for their turn, a retry or a time
   *     in the future, or being sent
   * @param scheduled how many of these have a time in the future
   * @param oldestWait how long the oldest of the others has waited: since its notification was
   *     accepted, since the later time it was to be sent at, or since it fell back to this channel
   */
  public record Backlog(long waiting, long scheduled, Duration oldestWait) {
    /** Nothing waits. */
    public static final Backlog NONE = new Backlog(0, 0, Duration.ZERO);
  }
}
