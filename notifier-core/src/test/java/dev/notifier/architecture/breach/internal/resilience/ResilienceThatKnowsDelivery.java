package dev.notifier.architecture.breach.internal.resilience;

import dev.notifier.architecture.breach.internal.delivery.DeliveryThatKnowsEngine;

/** Breaks "resilience sees no other room". */
public record ResilienceThatKnowsDelivery(DeliveryThatKnowsEngine delivery) {}
