package dev.notifier;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to count: those of the notifications that were accepted from one time to before
 * another, whatever became of them since. To the millisecond. Immutable and thread-safe.
 */
public final class AnalyticsWindow {
  private static final int DEFAULT_REASONS = 10;
  private static final int MAX_REASONS = 100;
  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final Instant from;
  private final Instant to;
  private final @Nullable ChannelId channel;
  private final int maxReasons;

  private AnalyticsWindow(Instant from, Instant to, @Nullable ChannelId channel, int maxReasons) {
    this.from = from;
    this.to = to;
    this.channel = channel;
    this.maxReasons = maxReasons;
  }

  /**
   * Returns the window between two times, on all channels, with at most 10 reasons for each.
   *
   * @param from the first time that belongs to it
   * @param to the first time after it; it may lie in the future
   * @throws IllegalArgumentException if {@code from} is not before {@code to}, or one of them is
   *     not within the years 1970 to 9999
   */
  public static AnalyticsWindow between(Instant from, Instant to) {
    Instant first = checkTime("from", from);
    Instant end = checkTime("to", to);
    if (!first.isBefore(end)) {
      throw new IllegalArgumentException(
          "from must be before to by a millisecond at least, but from was "
              + from
              + " and to "
              + to);
    }
    return new AnalyticsWindow(first, end, null, DEFAULT_REASONS);
  }

  private static Instant checkTime(String what, Instant time) {
    Objects.requireNonNull(time, what);
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException(
          what + " must be within the years 1970 to 9999, but was " + time);
    }
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Returns this window on one channel only.
   *
   * @throws InvalidNotificationException if that cannot be the name of a channel
   */
  public AnalyticsWindow channel(String channel) {
    return new AnalyticsWindow(from, to, ChannelId.of(channel), maxReasons);
  }

  /**
   * Returns this window with so many reasons for each channel at most, the most frequent ones.
   *
   * @param reasons from 0 to 100
   * @throws IllegalArgumentException if it is another number
   */
  public AnalyticsWindow maxReasons(int reasons) {
    if (reasons < 0 || reasons > MAX_REASONS) {
      throw new IllegalArgumentException(
          "maxReasons must be from 0 to " + MAX_REASONS + ", but was " + reasons);
    }
    return new AnalyticsWindow(from, to, channel, reasons);
  }

  /** Returns the first time that belongs to it. */
  public Instant from() {
    return from;
  }

  /** Returns the first time after it. */
  public Instant to() {
    return to;
  }

  /** Returns the only channel to look at, if it is one. */
  public Optional<ChannelId> channel() {
    return Optional.ofNullable(channel);
  }

  /** Returns how many reasons of failure to tell for each channel at most. */
  public int maxReasons() {
    return maxReasons;
  }

  /** Tells whether what was accepted at this time belongs to it. */
  public boolean includes(Instant acceptedAt) {
    return !acceptedAt.isBefore(from) && acceptedAt.isBefore(to);
  }

  /** Tells whether the deliveries of a channel are counted. */
  public boolean includes(ChannelId other) {
    return channel == null || channel.equals(other);
  }

  @Override
  public String toString() {
    return "AnalyticsWindow["
        + from
        + " to "
        + to
        + (channel == null ? "" : ", channel=" + channel)
        + "]";
  }
}
