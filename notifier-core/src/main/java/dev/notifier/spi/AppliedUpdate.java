package dev.notifier.spi;

import dev.notifier.DeliveryReport;
import dev.notifier.NotificationReport;

/**
 * A delivery that a provider's update has moved.
 *
 * @param notification what is known of its notification now
 * @param delivery what is known of the delivery now
 */
public record AppliedUpdate(NotificationReport notification, DeliveryReport delivery) {}
