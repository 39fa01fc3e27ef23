package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How well one channel works: a snapshot.
 *
 * @param state whether it works
 * @param reason what is wrong, in words for an operator; empty if nothing is
 * @param lastAccepted when a provider last accepted a message from it
 * @param backlog how many deliveries wait for it
 * @param oldestWait how long the delivery that is next in line has waited since it was accepted
 */
public record ChannelHealth(
    State state, String reason, Optional<Instant> lastAccepted, int backlog, Duration oldestWait) {
  /** Whether a channel works. */
  public enum State {
    /** Nothing is known to be wrong. */
    UP,
    /** Its circuit breaker is open: the provider fails. */
    FAILING,
    /** A configuration fault paused it: somebody must mend a setting. */
    PAUSED
  }
}
