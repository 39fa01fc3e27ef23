/**
 * Where templates come from, which version is used, and how they become what a notification says.
 * Not for applications; may change at any time.
 */
@NullMarked
package dev.notifier.internal.template;

import org.jspecify.annotations.NullMarked;
