package dev.notifier.architecture.breach;

import dev.notifier.architecture.breach.spi.SpiThatKnowsInternal;

/** Breaks "the model knows neither SPI nor internal", and closes a cycle. */
public record ModelThatKnowsSpi(SpiThatKnowsInternal spi) {}
