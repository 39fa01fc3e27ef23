package dev.notifier.architecture.breach.internal.store;

import dev.notifier.architecture.breach.internal.event.EventThatKnowsStore;

/** Breaks "the store sees no other room". */
public record StoreThatKnowsEvent(EventThatKnowsStore event) {}
