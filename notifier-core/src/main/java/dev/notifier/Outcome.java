package dev.notifier;

/**
 * How a notification ended, as far as this library is concerned.
 *
 * <p>SENT means that the provider of every delivery accepted it, not that it was delivered.
 *
 * @param id the notification
 * @param status the settled state; of a fan-out, the worst state of its deliveries
 * @param reason why, in words for an operator
 */
public record Outcome(NotificationId id, DeliveryStatus status, String reason) {}
