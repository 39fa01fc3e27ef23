/**
 * From the text of a template and data to finished text, by mustache.java. Not for applications;
 * may change at any time.
 */
@NullMarked
package dev.notifier.internal.render;

import org.jspecify.annotations.NullMarked;
