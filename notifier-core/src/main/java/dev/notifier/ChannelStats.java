package dev.notifier;

import java.time.Duration;
import java.util.Map;

/**
 * The numbers of one channel: a snapshot.
 *
 * @param waiting how many deliveries are due and wait for a worker
 * @param delayed how many deliveries wait for a retry or the end of a deferral
 * @param busyWorkers how many attempts are under way
 * @param capacity how many deliveries may wait
 * @param oldestWait how long the delivery that is next in line has waited since it was accepted
 * @param counts how often each thing has happened
 */
public record ChannelStats(
    int waiting,
    int delayed,
    int busyWorkers,
    int capacity,
    Duration oldestWait,
    Map<Event, Long> counts) {
  /** Creates the snapshot with a copy of the map. */
  public ChannelStats {
    counts = Map.copyOf(counts);
  }

  /** Returns how often something happened. */
  public long count(Event event) {
    return counts.getOrDefault(event, 0L);
  }

  /** What is counted. */
  public enum Event {
    /** A delivery was accepted with this channel first on its route. */
    ACCEPTED,
    /** A notification was refused because the lane was full. */
    REJECTED,
    /** A waiting delivery gave way to a more important one. */
    DROPPED,
    /** An attempt ended with the provider's acceptance. */
    SENT,
    /** An attempt failed and will be made again on this channel. */
    RETRIED,
    /** A delivery left this channel for the next one of its route. */
    FELL_BACK,
    /** A delivery was put off without an attempt. */
    DEFERRED,
    /** A delivery ended here with its whole route failed. */
    FAILED,
    /** A delivery's time ran out here. */
    EXPIRED,
    /** A delivery ended here because its address is suppressed. */
    SUPPRESSED,
    /** A delivery was cancelled here. */
    CANCELLED
  }
}
