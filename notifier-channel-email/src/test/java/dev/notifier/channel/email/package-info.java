/** Tests of the email channel, most of them against servers that really speak SMTP. */
@NullMarked
package dev.notifier.channel.email;

import org.jspecify.annotations.NullMarked;
