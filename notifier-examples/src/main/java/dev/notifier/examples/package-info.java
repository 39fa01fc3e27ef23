/** One program per idea, to read and to run. */
@NullMarked
package dev.notifier.examples;

import org.jspecify.annotations.NullMarked;
