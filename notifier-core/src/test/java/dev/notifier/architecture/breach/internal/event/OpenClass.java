package dev.notifier.architecture.breach.internal.event;

/** Breaks "internal classes are final". */
class OpenClass {}
