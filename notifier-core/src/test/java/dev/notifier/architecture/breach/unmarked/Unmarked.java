package dev.notifier.architecture.breach.unmarked;

/** Breaks "every package is null marked": its package has no package-info. */
final class Unmarked {}
