package dev.notifier.architecture.breach.spi;

import dev.notifier.architecture.breach.internal.delivery.DeliveryThatKnowsEngine;

/** Breaks "the SPI knows no internal". */
public record SpiThatKnowsInternal(DeliveryThatKnowsEngine delivery) {}
