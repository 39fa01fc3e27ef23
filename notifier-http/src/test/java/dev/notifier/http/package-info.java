/** Tests of what the HTTP channels share. */
@NullMarked
package dev.notifier.http;

import org.jspecify.annotations.NullMarked;
