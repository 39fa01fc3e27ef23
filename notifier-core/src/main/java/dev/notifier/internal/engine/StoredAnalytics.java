package dev.notifier.internal.engine;

import dev.notifier.Analytics;
import dev.notifier.AnalyticsStep;
import dev.notifier.AnalyticsSummary;
import dev.notifier.AnalyticsWindow;
import dev.notifier.ChannelId;
import dev.notifier.ChannelSummary;
import dev.notifier.ChannelSummary.Backlog;
import dev.notifier.DeliveryCounts;
import dev.notifier.internal.delivery.Channels;
import dev.notifier.internal.delivery.ConfiguredChannel;
import dev.notifier.spi.NotificationStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the store counts, checked and with a place for every channel of this notifier. */
record StoredAnalytics(NotificationStore store, Channels channels, InstantSource clock)
    implements Analytics {
  private static final Duration SHORTEST_STEP = Duration.ofSeconds(1);
  private static final int MAX_STEPS = 1_500;
  private static final ChannelSummary NOTHING =
      new ChannelSummary(DeliveryCounts.NONE, Optional.empty(), List.of(), Backlog.NONE);

  @Override
  public AnalyticsSummary summary(AnalyticsWindow window) {
    checkHasBegun(window, clock.instant());
    AnalyticsSummary counted = store.summarize(window);
    checkIsKnown(window, counted.channels().keySet());
    Map<ChannelId, ChannelSummary> summaries = new TreeMap<>(counted.channels());
    channels.all().stream()
        .map(ConfiguredChannel::id)
        .filter(window::includes)
        .forEach(channel -> summaries.putIfAbsent(channel, NOTHING));
    return new AnalyticsSummary(window, counted.completeSince(), summaries);
  }

  @Override
  public List<AnalyticsStep> series(AnalyticsWindow window, Duration step) {
    Instant now = clock.instant();
    checkHasBegun(window, now);
    AnalyticsWindow begun = untilNow(window, now);
    Duration length = Duration.between(begun.from(), begun.to());
    checkStep(Objects.requireNonNull(step, "step"));
    Duration used = step.compareTo(length) < 0 ? step : length;
    checkNumberOfSteps(begun, length, used);
    List<AnalyticsStep> series = store.summarize(begun, used);
    Set<ChannelId> counted =
        series.stream()
            .flatMap(each -> each.channels().keySet().stream())
            .collect(Collectors.toSet());
    checkIsKnown(window, counted);
    return series;
  }

  private static void checkHasBegun(AnalyticsWindow window, Instant now) {
    if (window.from().isAfter(now)) {
      throw new IllegalArgumentException(
          "the window must begin in the past, but begins at " + window.from() + "; now is " + now);
    }
  }

  /** What lies in the future is empty, and would only make the series longer. */
  private static AnalyticsWindow untilNow(AnalyticsWindow window, Instant now) {
    Instant end = now.plusMillis(1); // what is accepted now belongs to it
    if (!end.isBefore(window.to())) {
      return window;
    }
    AnalyticsWindow shorter = AnalyticsWindow.between(window.from(), end);
    return window.channel().map(id -> shorter.channel(id.value())).orElse(shorter);
  }

  private static void checkStep(Duration step) {
    if (step.compareTo(SHORTEST_STEP) < 0 || !step.truncatedTo(ChronoUnit.MILLIS).equals(step)) {
      throw new IllegalArgumentException(
          "step must be a second or longer, in whole milliseconds, but was " + step);
    }
  }

  private static void checkNumberOfSteps(AnalyticsWindow window, Duration length, Duration step) {
    if (step.multipliedBy(MAX_STEPS).compareTo(length) < 0) {
      throw new IllegalArgumentException(
          "a window has at most "
              + MAX_STEPS
              + " steps, but "
              + window
              + " has more of "
              + step
              + ": choose a longer step or a shorter window");
    }
  }

  /** A channel that was removed is known as long as the store knows something of it. */
  private void checkIsKnown(AnalyticsWindow window, Set<ChannelId> counted) {
    Optional<ChannelId> channel = window.channel();
    if (channel.isPresent() && !counted.contains(channel.get())) {
      channels.get(channel.get()); // throws if it is unknown here too
    }
  }
}
