package dev.notifier.architecture.breach.internal.template;

import dev.notifier.architecture.breach.internal.store.StoreThatKnowsEvent;

/** Breaks "templates see the renderer only". */
public record TemplateThatKnowsStore(StoreThatKnowsEvent store) {}
