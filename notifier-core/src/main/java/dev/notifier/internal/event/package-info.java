/**
 * What is told to the outside: listeners, log context, outcomes. Not for applications; may change
 * at any time.
 */
@NullMarked
package dev.notifier.internal.event;

import org.jspecify.annotations.NullMarked;
