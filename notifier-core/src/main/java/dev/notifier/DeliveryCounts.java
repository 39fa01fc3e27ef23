package dev.notifier;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How many deliveries came to what. The rates have these denominators:
 *
 * <ul>
 *   <li>{@link #deliveryRate} and {@link #failureRate}: what was <em>tried to the end</em>: sent,
 *       failed or expired. What waits, was cancelled or suppressed is in neither. They add up to 1.
 *   <li>{@link #confirmationRate} and {@link #bounceRate}: what was sent.
 * </ul>
 *
 * @param byStatus how many deliveries have which status now
 * @param timeSpent how long those took that were sent, all together; see {@link
 *     ChannelSummary.Times}
 */
public record DeliveryCounts(Map<DeliveryStatus, Long> byStatus, Duration timeSpent) {
  /** No deliveries. */
  public static final DeliveryCounts NONE = new DeliveryCounts(Map.of(), Duration.ZERO);

  /** Creates the counts with a copy of the map. */
  public DeliveryCounts {
    Map<DeliveryStatus, Long> copy = new EnumMap<>(DeliveryStatus.class);
    byStatus.forEach((status, count) -> copy.merge(status, count, Long::sum));
    copy.values().removeIf(count -> count == 0);
    byStatus = Collections.unmodifiableMap(copy);
  }

  /** Returns how many deliveries have this status now. */
  public long count(DeliveryStatus status) {
    return byStatus.getOrDefault(status, 0L);
  }

  /** Returns how many deliveries were accepted by this library: all of them. */
  public long accepted() {
    return byStatus.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Returns how many are not settled yet. */
  public long waiting() {
    return byStatus.entrySet().stream()
        .filter(entry -> !entry.getKey().isSettled())
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /**
   * Returns how many a provider accepted, whatever it reported afterwards: SENT, DELIVERED and
   * BOUNCED together.
   */
  public long sent() {
    return count(DeliveryStatus.SENT) + delivered() + bounced();
  }

  /** Returns how many a provider confirmed to be delivered. Not every provider does. */
  public long delivered() {
    return count(DeliveryStatus.DELIVERED);
  }

  /** Returns how many a provider accepted first and reported later as not delivered. */
  public long bounced() {
    return count(DeliveryStatus.BOUNCED);
  }

  /** Returns how many failed on their whole route. */
  public long failed() {
    return count(DeliveryStatus.FAILED);
  }

  /** Returns of how many the time ran out before they could be sent. */
  public long expired() {
    return count(DeliveryStatus.EXPIRED);
  }

  /** Returns how many were cancelled. */
  public long cancelled() {
    return count(DeliveryStatus.CANCELLED);
  }

  /** Returns how many were not sent because all addresses are suppressed. */
  public long suppressed() {
    return count(DeliveryStatus.SUPPRESSED);
  }

  private long tried() {
    return sent() + failed() + expired();
  }

  /**
   * Returns the share that a provider accepted and did not report back, of what was tried to the
   * end: (sent - bounced) / (sent + failed + expired). Empty if nothing was.
   */
  public OptionalDouble deliveryRate() {
    return rate(sent() - bounced(), tried());
  }

  /**
   * Returns the share that was not delivered, of what was tried to the end: (failed + expired +
   * bounced) / (sent + failed + expired). Empty if nothing was.
   */
  public OptionalDouble failureRate() {
    return rate(failed() + expired() + bounced(), tried());
  }

  /** Returns the share of what was sent that is confirmed; empty if nothing was sent. */
  public OptionalDouble confirmationRate() {
    return rate(delivered(), sent());
  }

  /** Returns the share of what was sent that bounced; empty if nothing was sent. */
  public OptionalDouble bounceRate() {
    return rate(bounced(), sent());
  }

  private static OptionalDouble rate(long part, long whole) {
    return whole == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) part / whole);
  }

  /** Returns how long those took on average that were sent; empty if none was. */
  public Optional<Duration> averageTime() {
    return sent() == 0 ? Optional.empty() : Optional.of(timeSpent.dividedBy(sent()));
  }

  /** Returns these and others together. */
  public DeliveryCounts plus(DeliveryCounts others) {
    Map<DeliveryStatus, Long> sum = new EnumMap<>(DeliveryStatus.class);
    sum.putAll(byStatus);
    others.byStatus.forEach((status, count) -> sum.merge(status, count, Long::sum));
    return new DeliveryCounts(sum, timeSpent.plus(others.timeSpent));
  }
}
