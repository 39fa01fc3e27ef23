package dev.notifier.spi;

import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelId;
import dev.notifier.DeliveryCounts;
import dev.notifier.DeliveryStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts a time series together out of what a store counts. Not thread-safe. */
public final class SeriesCounter {
  private final AnalyticsWindow window;
  private final Duration step;
  private final Map<Long, Map<ChannelId, DeliveryCounts>> steps = new HashMap<>();

  /** Starts to count for the steps of this window. */
  public SeriesCounter(AnalyticsWindow window, Duration step) {
    this.window = window;
    this.step = step;
  }

  /** Returns the number, from 0, of the step in which something was accepted. */
  public long stepOf(Instant acceptedAt) {
    return Duration.between(window.from(), acceptedAt).dividedBy(step);
  }

  /**
   * Counts deliveries that have this status.
   *
   * @param number the number of their step
   * @param totalMillis how long they took, all together; 0 for what was not sent
   */
  public void count(
      long number, ChannelId channel, DeliveryStatus status, long deliveries, long totalMillis) {
    steps
        .computeIfAbsent(number, unused -> new HashMap<>())
        .merge(
            channel,
            new DeliveryCounts(Map.of(status, deliveries), Duration.ofMillis(totalMillis)),
            DeliveryCounts::plus);
  }

  /** Returns all steps of the window, in order. */
  public List<AnalyticsStep> series() {
    List<AnalyticsStep> series = new ArrayList<>();
    Instant from = window.from();
    for (long number = 0; from.isBefore(window.to()); number++) {
      Instant next = from.plus(step);
      Instant to = next.isBefore(window.to()) ? next : window.to();
      series.add(new AnalyticsStep(from, to, steps.getOrDefault(number, Map.of())));
      from = next;
    }
    return series;
  }
}
