/** For applications that send webhooks, and for those that receive them and verify signatures. */
@NullMarked
package dev.notifier.channel.webhook;

import org.jspecify.annotations.NullMarked;
