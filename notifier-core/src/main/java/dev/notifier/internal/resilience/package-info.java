/**
 * Rate limits, circuit breakers and pauses around a channel's call. Not for applications; may
 * change at any time.
 */
@NullMarked
package dev.notifier.internal.resilience;

import org.jspecify.annotations.NullMarked;
