/** Tests of the Telegram channel. */
@NullMarked
package dev.notifier.channel.telegram;

import org.jspecify.annotations.NullMarked;
