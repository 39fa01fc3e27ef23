/** Tests of how marked-up text is read and cut. */
@NullMarked
package dev.notifier.channel.telegram.internal.markup;

import org.jspecify.annotations.NullMarked;
