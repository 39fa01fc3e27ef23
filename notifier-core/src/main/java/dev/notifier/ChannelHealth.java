package dev.notifier;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How well one channel works: a snapshot.
 *
 * @param state whether it works
 * @param reason what is wrong, in words for an operator; empty if nothing is
 * @param breaker the state of its circuit breaker; CLOSED if it has none
 * @param pausedUntil when a channel that is PAUSED tries again
 * @param lastAccepted when a provider last accepted a message from it, since this notifier was
 *     built
 * @param backlog how many deliveries wait for it in this notifier
 * @param oldestWait how long the oldest of these has waited since its notification was accepted, or
 *     since the later time it was to be sent at; what has a time in the future does not count
 */
public record ChannelHealth(
    State state,
    String reason,
    Breaker breaker,
    Optional<Instant> pausedUntil,
    Optional<Instant> lastAccepted,
    int backlog,
    Duration oldestWait) {
  /** Whether a channel works. */
  public enum State {
    /** Nothing is known to be wrong. */
    UP,
    /** Its circuit breaker is open: the provider fails. */
    FAILING,
    /** A configuration fault paused it: somebody must mend a setting. */
    PAUSED
  }

  /** What the circuit breaker of a channel does. */
  public enum Breaker {
    /** It lets everything through. */
    CLOSED,
    /** It lets nothing through: too much has failed. */
    OPEN,
    /** It has been open, and one attempt finds out whether it closes. */
    HALF_OPEN
  }
}
