/** Tests of the webhook channel. */
@NullMarked
package dev.notifier.channel.webhook;

import org.jspecify.annotations.NullMarked;
