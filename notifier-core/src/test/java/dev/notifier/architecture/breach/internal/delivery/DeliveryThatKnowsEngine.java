package dev.notifier.architecture.breach.internal.delivery;

import dev.notifier.architecture.breach.internal.engine.EngineThatKnowsConfig;

/** Breaks "the delivery sees resilience and events only". */
public record DeliveryThatKnowsEngine(EngineThatKnowsConfig engine) {}
