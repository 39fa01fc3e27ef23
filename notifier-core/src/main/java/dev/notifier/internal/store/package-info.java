/** The store that keeps everything in memory. Not for applications; may change at any time. */
@NullMarked
package dev.notifier.internal.store;

import org.jspecify.annotations.NullMarked;
