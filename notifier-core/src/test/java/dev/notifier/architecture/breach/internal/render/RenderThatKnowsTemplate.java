package dev.notifier.architecture.breach.internal.render;

import dev.notifier.architecture.breach.internal.template.TemplateThatKnowsStore;

/** Breaks "the renderer sees no other room". */
public record RenderThatKnowsTemplate(TemplateThatKnowsStore template) {}
