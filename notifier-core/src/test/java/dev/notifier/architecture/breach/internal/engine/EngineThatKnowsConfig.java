package dev.notifier.architecture.breach.internal.engine;

import dev.notifier.architecture.breach.internal.config.ConfigThatKnowsEvent;
import dev.notifier.architecture.breach.internal.delivery.DeliveryThatKnowsEngine;

/** Breaks "the engine sees all but the configuration", and closes a cycle with the delivery. */
public record EngineThatKnowsConfig(
    ConfigThatKnowsEvent config, DeliveryThatKnowsEngine delivery) {}
