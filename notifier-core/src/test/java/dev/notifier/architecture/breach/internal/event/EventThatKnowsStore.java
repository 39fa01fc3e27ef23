package dev.notifier.architecture.breach.internal.event;

import dev.notifier.architecture.breach.internal.store.StoreThatKnowsEvent;

/** Breaks "events see no other room". */
public record EventThatKnowsStore(StoreThatKnowsEvent store) {}
