package dev.notifier.architecture.breach.internal.config;

import dev.notifier.architecture.breach.internal.event.EventThatKnowsStore;

/** Breaks "the configuration sees no other room". */
public record ConfigThatKnowsEvent(EventThatKnowsStore event) {}
