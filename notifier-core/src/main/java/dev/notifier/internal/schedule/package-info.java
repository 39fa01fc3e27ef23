/** What runs schedules when they are due. Not for applications; may change at any time. */
@NullMarked
package dev.notifier.internal.schedule;

import org.jspecify.annotations.NullMarked;
