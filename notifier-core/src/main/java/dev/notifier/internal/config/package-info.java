/**
 * From properties, environment and ServiceLoader to channels and stores. Not for applications; may
 * change at any time.
 */
@NullMarked
package dev.notifier.internal.config;

import org.jspecify.annotations.NullMarked;
