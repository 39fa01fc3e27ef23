package dev.notifier.channel.webhook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notifier.Address;
import dev.notifier.DeliveryResult;
import dev.notifier.DeliveryResult.Accepted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Finds the endpoints that have done nothing but fail for a long time. What it knows it knows from
 * this process only. Thread-safe.
 */
final class FailingEndpoints {
  private static final int MAX_ENDPOINTS = 100_000;

  /**
   * When an endpoint counts as dead.
   *
   * @param failures how many attempts in a row must have failed at least
   * @param time for how long it must have failed at least
   */
  record Threshold(int failures, Duration time) {}

  /** Failures in a row; there is none for an endpoint that works. */
  private record Streak(Instant first, Instant last, int failures) {
    static Streak startedAt(Instant now) {
      return new Streak(now, now, 1);
    }

    /** What lies far back says nothing of today. */
    Streak and(Instant now, Duration forgiveness) {
      return Duration.between(last, now).compareTo(forgiveness) > 0
          ? startedAt(now)
          : new Streak(first, now, failures + 1);
    }
  }

  private final Threshold threshold;
  private final InstantSource clock;
  private final Cache<Address, Streak> streaks =
      Caffeine.newBuilder().maximumSize(MAX_ENDPOINTS).executor(Runnable::run).build();

  FailingEndpoints(Threshold threshold, InstantSource clock) {
    this.threshold = threshold;
    this.clock = clock;
  }

  /** Notes the result of an attempt, and tells why the endpoint must be disabled, if it must. */
  Optional<String> note(Address endpoint, DeliveryResult result) {
    if (result instanceof Accepted) {
      streaks.invalidate(endpoint);
      return Optional.empty();
    }
    Streak streak = lengthened(endpoint, clock.instant());
    if (!isDead(streak)) {
      return Optional.empty();
    }
    streaks.invalidate(endpoint); // one that is enabled again starts afresh
    return Optional.of(
        "the endpoint is disabled: "
            + streak.failures()
            + " attempts in a row failed since "
            + streak.first()
            + ", the last with: "
            + result.reason());
  }

  private Streak lengthened(Address endpoint, Instant now) {
    return streaks
        .asMap()
        .merge(
            endpoint,
            Streak.startedAt(now),
            (streak, fresh) -> streak.and(now, threshold.time().multipliedBy(2)));
  }

  private boolean isDead(Streak streak) {
    return streak.failures() >= threshold.failures()
        && Duration.between(streak.first(), streak.last()).compareTo(threshold.time()) >= 0;
  }
}
