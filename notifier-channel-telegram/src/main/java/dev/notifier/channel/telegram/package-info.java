/** For applications that send by a Telegram bot: the channel, its options and its text. */
@NullMarked
package dev.notifier.channel.telegram;

import org.jspecify.annotations.NullMarked;
