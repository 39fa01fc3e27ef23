/** For the channel itself: how Telegram reads marked-up text, and how to cut it; may change. */
@NullMarked
package dev.notifier.channel.telegram.internal.markup;

import org.jspecify.annotations.NullMarked;
