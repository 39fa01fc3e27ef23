package dev.notifier.internal.store;

import java.time.Duration;

/**
 * How much of the past the in-memory store remembers.
 *
 * @param maxNotifications how many settled notifications, and apart from them how many dead letters
 * @param maxAge how long after they were settled
 * @param idempotencyWindow how long an idempotency key is known
 */
public record HistoryLimits(int maxNotifications, Duration maxAge, Duration idempotencyWindow) {}
