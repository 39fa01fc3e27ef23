package dev.notifier.architecture.breach;

import dev.notifier.architecture.breach.internal.event.EventThatKnowsStore;

/** Breaks "the model knows neither SPI nor internal". */
public record ModelThatKnowsInternal(EventThatKnowsStore event) {}
