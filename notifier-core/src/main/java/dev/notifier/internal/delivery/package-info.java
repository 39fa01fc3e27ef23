/** One delivery from queue to settled record. Not for applications; may change at any time. */
@NullMarked
package dev.notifier.internal.delivery;

import org.jspecify.annotations.NullMarked;
