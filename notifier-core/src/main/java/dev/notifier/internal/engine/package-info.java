/**
 * The notifier itself: lanes, their workers, acceptance, shutdown. Not for applications; may change
 * at any time.
 */
@NullMarked
package dev.notifier.internal.engine;

import org.jspecify.annotations.NullMarked;
