/** What plug-ins implement: channels, stores, and the providers by which they are found. */
@NullMarked
package dev.notifier.spi;

import org.jspecify.annotations.NullMarked;
