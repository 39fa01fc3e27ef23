package dev.notifier.architecture.breach.internal.schedule;

import dev.notifier.architecture.breach.internal.event.EventThatKnowsStore;

/** Breaks "schedules see no other room". */
public record ScheduleThatKnowsEvent(EventThatKnowsStore event) {}
